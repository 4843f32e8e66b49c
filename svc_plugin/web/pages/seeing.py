"""Reading an issue for a page: only what the tracker shows to the person is there for them."""

from flask import abort

from svc_plugin.domain.model import IssueRef, Snapshot
from svc_plugin.web.pages.parts import PageParts, present


def seen_issue(parts: PageParts, site: str, key: str) -> Snapshot:
    """Read an issue from its site; "not found" for what the person may not see there."""
    mine, ref = present(), IssueRef(site, key)
    if site != mine.site or not parts.identities[site].sees(mine.key, ref):
        abort(404)
    seen = parts.reconciler.look(ref)
    if seen.issue.product not in mine.access.products:
        abort(404)
    return seen
