"""Writing in a person's own name: a decision counts only when it is the decider's own act on the site."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Write


@runtime_checkable
class Acting(Protocol):
    """Writes to one site by the account of whoever holds a key; not every site's identity can."""

    def apply(self, key: str, ref: IssueRef, writes: Sequence[Write]) -> None:
        """Write all of ``writes`` as ``Site.apply`` does, and raise as it does; success proves nothing."""
        ...
