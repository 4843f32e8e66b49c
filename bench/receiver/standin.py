"""``python -m bench.receiver.standin <config folder>``: a stand-in with the issues that deliveries name.

Prints its URL and serves until its standard input ends.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.receiver.delivery import ISSUES
from svc_plugin.demo.stage import ADMIN, BOT, api_key, cast, open_redmine
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.settings import load_settings


def main(folder: Path) -> None:
    """Fill the stand-in, then serve."""
    settings = load_settings(folder, os.environ, now=datetime.now(UTC))
    site = settings.sites["main"]
    nobody = "http://127.0.0.1:9/hooks/main"  # its own webhooks would be load that is not counted
    with open_redmine(settings, nobody, 0, None) as redmine:
        people = cast(redmine.url, site.mapping, {BOT: api_key(BOT)}, api_key(ADMIN))
        for number in range(ISSUES):
            people[BOT].create(
                IssueKind.SERVICE_REQUEST, "erp", f"开票失败 {number}", {Field.CHANNEL: "phone"}
            )
        print(redmine.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
