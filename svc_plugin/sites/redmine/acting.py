"""Writes to Redmine by a person's own key: the journal names the person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Write
from svc_plugin.sites.redmine.settings import RedmineSettings
from svc_plugin.sites.redmine.site import RedmineSite


@dataclass(frozen=True, slots=True)
class RedmineActing:
    """``engine.acting.Acting`` on Redmine."""

    settings: RedmineSettings

    def apply(self, key: str, ref: IssueRef, writes: Sequence[Write]) -> None:
        """See ``engine.acting.Acting.apply``; what the person may not do, Redmine silently leaves out."""
        RedmineSite(replace(self.settings, api_key=key)).apply(ref, writes)
