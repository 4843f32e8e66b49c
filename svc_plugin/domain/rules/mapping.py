"""M05: the two tracks are only as good as the mapping of the site's statuses to stages."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy


def status_is_mapped(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Say so on the issue when its status stands for no stage: no other rule can judge it."""
    if seen.issue.kind is not None and seen.issue.stage is None:
        yield explained(seen, policy, "M05", seen.texts.say("M05.fact", status=seen.issue.status))
