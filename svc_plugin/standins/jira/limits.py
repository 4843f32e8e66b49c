"""Cloud's limit of writes to one issue."""

from __future__ import annotations

import math
import re
from typing import Final

from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.site import Site

WINDOWS: Final = ((20, 2.0), (100, 30.0))
_ISSUE: Final = re.compile(r"/rest/api/2/issue/([^/]+)")


def check_limit(site: Site, method: str, path: str) -> None:
    """Count a write to an issue. Raises ``Refused`` (429) over 20 writes in 2 s or 100 in 30 s."""
    found = _ISSUE.match(path)
    if not site.cloud or not site.faults.write_limit or method == "GET" or found is None:
        return
    issue = site.find(found[1])
    if issue is None:
        return
    now = site.pace()
    issue.writes = [moment for moment in issue.writes if now - moment < WINDOWS[-1][1]]
    for most, seconds in WINDOWS:
        recent = [moment for moment in issue.writes if now - moment < seconds]
        if len(recent) >= most:
            wait = max(1, math.ceil(recent[-most] + seconds - now))
            raise Refused(
                429,
                "Rate limit exceeded.",
                headers={
                    "Retry-After": str(wait),
                    "RateLimit-Reason": "jira-per-issue-on-write",
                    "X-RateLimit-Limit": str(most),
                    "X-RateLimit-Remaining": "0",
                },
            )
    issue.writes.append(now)
