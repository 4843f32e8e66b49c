"""``python -m tests.contract.jira_faults``: a story on a Jira at which something goes wrong, fault by fault.

Prints a table: what went wrong, whether the Jira looks in the end as it does when nothing does, what was
doubled, and how many requests the story cost us.
"""

import functools
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from flask import Flask, Response

from svc_plugin.bootstrap import Services, build
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.worker import Result
from svc_plugin.logs import configure_logs
from svc_plugin.settings import Settings, load_settings
from svc_plugin.sites.jira import JiraSite
from svc_plugin.standins.jira import Mode, serve
from svc_plugin.standins.jira.api_hooks import CLOUD_HOOKS, DC_HOOKS
from svc_plugin.standins.jira.faults import Fault
from svc_plugin.standins.jira.state import Issue
from svc_plugin.store.database import Database
from tests.builders import CONFIG, LEADER, MAINTAINER, NOW, SERVICE
from tests.contract.jira_kit import MODES, JiraWorld, a_jira, settings
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

SECRET = "planted-signs-the-story"
LINKS = "planted-signs-its-links"
CUSTOMER = "恒通机械有限公司"
EVENTS = (
    *("jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created"),
    *("comment_updated", "worklog_created", "issuelink_created", "attachment_created"),
)
_ROUNDS = 60
_DATED = frozenset({"statuscategorychangedate"})
_MOMENT = re.compile(
    r"/documents/\S+|(?:[0-9A-F]{4}-){3}[0-9A-F]{4}|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d)?|\d{8,}|[0-9a-f]{12,}"
)
_CAPTCHA = {
    "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
    "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp",
}


@dataclass
class Story:
    """The people of a Jira, our receiver and our worker beside it, on one clock."""

    world: JiraWorld
    asked: list[str]
    services: Services
    down: list[int]
    faults: list[Fault]

    def settle(self) -> None:
        """Let deliveries come and work be done until nothing waits; time goes by while it has to wait."""
        wait = 61
        for _ in range(_ROUNDS):
            self.world.standin.hooks.release()
            self.world.standin.hooks.settle()
            results: list[Result] = []
            self.world.standin.faults.planned = self.faults  # people have no part in it
            self.services.worker.drain(results.append)
            self.world.standin.faults.planned = []
            backlog = self.services.work.pending(now=self.world.now())
            if not results and not backlog.retrying:
                return
            wait = 61 if results else min(2 * wait, 960)
            if backlog.retrying:
                self.world.later(wait)
        raise AssertionError("it never came to rest")

    def sweep(self) -> None:
        """What the timer does: look for what no delivery told."""
        self.world.later(60)
        self.world.standin.faults.planned = self.faults
        self.services.sweeper.sweep_safely(self.world.site)
        self.settle()

    def play(self) -> None:
        """A fault is reported, handed over, worked on; hours, words, files; a report is asked for."""
        world = self.world
        asked = {Field.CUSTOMER: CUSTOMER, Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"}
        request = world.create(fields=asked, assignee=SERVICE, title="开票失败")
        self.settle()
        self.sweep()
        (work,) = world.site.fetch(request).links
        world.does(work, MAINTAINER, stage=Stage.IN_WORK)
        self.settle()
        world.book(work, MAINTAINER, 1.5, date(2026, 11, 20), "开发")
        upload = {"file": ("截图（第一张）.txt", "发票".encode(), "text/plain")}
        no_check = {"X-Atlassian-Token": "no-check"}
        world.ask(SERVICE, "post", f"/issue/{work.key}/attachments", files=upload, headers=no_check)
        world.does(request, SERVICE, note="客户又来电")
        self.settle()
        paper = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
        world.create(IssueKind.DOCUMENT, "服务报告", author=SERVICE, fields=paper)
        self.settle()
        for _ in range(2):
            self.sweep()


@dataclass(frozen=True)
class Ended:
    """How a Jira looks in the end: each issue by its title, what stands on it twice, what it cost us."""

    issues: Mapping[str, object]
    doubled: Sequence[str]
    calls: int


@functools.cache
def company() -> Settings:
    """The example company, which signs links."""
    return load_settings(CONFIG, {"SVC_SECRET_KEY": LINKS}, now=NOW)


@functools.cache
def empty_store() -> bytes:
    """A database with empty tables: making them costs more than the story."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/story.db")
        database.migrate()
        database.close()
        return Path(folder, "story.db").read_bytes()


@contextmanager
def a_story(mode: Mode, folder: Path) -> Iterator[Story]:
    (folder / "story.db").write_bytes(empty_store())
    ours = replace(company(), database=f"sqlite:///{folder}/story.db")
    with a_jira(mode) as (world, asked):
        mine = settings(world.url, mode, mapping=world.mapping)
        world.site = JiraSite(mine, sleep=lambda seconds: time.sleep(min(seconds, 0.02)))
        services = build(ours, sites={"main": world.site}, clock=world.now)
        down: list[int] = []
        source = Source("main", "jira", (SECRET,))
        receiver = create_receiver({"main": source}, services.inbox, world.now, hint=lambda _: None)
        app = Flask("receiver")

        @app.before_request
        def refuse() -> Response | None:
            return Response(status=down.pop()) if down else None

        app.register_blueprint(receiver)
        with serve(app) as served:
            cloud = mode == "cloud"
            hook: dict[str, Any] = {"name": "svc", "url": f"{served.url}/hooks/main", "events": list(EVENTS)}
            hook |= {"secret": SECRET} if cloud else {"configuration": {"SECRET": SECRET}}
            world.ask(LEADER, "post", f"{world.url}{CLOUD_HOOKS if cloud else DC_HOOKS}", hook)
            yield Story(world, asked, services, down, [])
            world.standin.hooks.close()
        services.close()


def played(mode: Mode, go_wrong: Callable[[Story], None]) -> Ended:
    """Play the story once; return how it ended."""
    with TemporaryDirectory() as folder, a_story(mode, Path(folder)) as story:
        go_wrong(story)
        story.play()
        issues = story.world.standin.state.issues.values()
        shown = {f"{one.key} {one.values['summary']}": _shown(story.world, one) for one in issues}
        doubled = [what for one in issues for what in _doubled(one)]
        return Ended(shown, doubled, len(story.asked))


def _shown(world: JiraWorld, issue: Issue) -> object:
    """Everything of an issue but ids and moments."""
    comments = sorted((one.author.name, _timeless(one.body)) for one in issue.comments)
    links = sorted((one.source, one.target) for one in world.standin.state.links_of(issue))
    return {
        "values": sorted(
            (name, _timeless(repr(value))) for name, value in issue.values.items() if name not in _DATED
        ),
        "comments": comments,
        "hours": sorted((one.author.name, one.seconds) for one in issue.worklogs),
        "files": sorted((one.author.name, _timeless(one.name)) for one in issue.attachments),
        "links": links,
        "watchers": sorted(one.name for one in issue.watchers),
        "properties": sorted(issue.properties),
    }


def _timeless(text: str) -> str:
    return _MOMENT.sub("…", text)


def _doubled(issue: Issue) -> list[str]:
    """Name what stands on an issue more than once."""
    said = Counter((one.author.name, _timeless(one.body)) for one in issue.comments)
    files = Counter(_timeless(one.name) for one in issue.attachments)
    hours = Counter((one.author.name, one.seconds, one.started) for one in issue.worklogs)
    counted = {**said, **files, **hours}
    return [f"{issue.key}: {what}" for what, count in counted.items() if count > 1]


def failing(times: int = 2, method: str = "", path: str = "", **parts: Any) -> Callable[[Story], None]:
    """Let requests of ours fail."""

    def go_wrong(story: Story) -> None:
        story.faults.append(Fault(method=method, path=path, times=times, **parts))

    return go_wrong


def each(*faults: Callable[[Story], None]) -> Callable[[Story], None]:
    def go_wrong(story: Story) -> None:
        for fault in faults:
            fault(story)

    return go_wrong


def hooks(**switches: float) -> Callable[[Story], None]:
    """Let something happen to the deliveries."""

    def go_wrong(story: Story) -> None:
        for name, value in switches.items():
            setattr(story.world.standin.hooks.faults, name, value)

    return go_wrong


def lagging(story: Story) -> None:
    story.world.standin.faults.search_lag = timedelta(seconds=45)


def receiver_is_down(story: Story) -> None:
    story.down[:] = [503, 503, 503]


READ, MOVE, EDIT = r"/issue/\d+$", "/transitions$", r"/issue/\d+$"
_BUSY = {"Retry-After": "2", "RateLimit-Reason": "jira-burst-based"}
_QUOTA = {"Retry-After": "1847", "RateLimit-Reason": "jira-quota-global-based"}
FAULTS: Mapping[str, Callable[[Story], None]] = MappingProxyType(
    {
        "none": lambda _: None,
        "429 with Retry-After on reads": failing(6, "GET", READ, status=429, headers=_BUSY),
        "429 without Retry-After on edits": failing(3, "PUT", EDIT, status=429),
        "429 of the hourly quota": failing(2, "GET", READ, status=429, headers=_QUOTA),
        "503 on reads and edits": each(
            failing(5, "GET", READ, status=503), failing(3, "PUT", EDIT, status=503)
        ),
        "500 on new issues": failing(2, "POST", r"/issue$", status=500),
        "409 on transitions": failing(2, "POST", MOVE, status=409),
        "CAPTCHA before every request": failing(4, status=403, headers=_CAPTCHA),
        "stale search": lagging,
        "edit half applied": failing(2, "PUT", EDIT, effect="half", status=500),
        "transition half applied": failing(2, "POST", MOVE, effect="half", status=503),
        "new issue half applied": failing(1, "POST", "/issue$", effect="half", status=500),
        "edit applied, answer lost": failing(2, "PUT", EDIT, effect="drop_after"),
        "transition applied, answer lost": failing(2, "POST", MOVE, effect="drop_after"),
        "new issue made, answer lost, stale search": each(
            lagging, failing(1, "POST", "/issue$", effect="drop_after")
        ),
        "link made, answer lost": failing(2, "POST", "/issueLink$", effect="drop_after"),
        "file taken, answer lost": failing(2, "POST", "/attachments$", effect="drop_after"),
        "watcher added, answer lost": failing(2, "POST", "/watchers$", effect="drop_after"),
        "request lost": failing(4, path="/issue/", effect="drop_before"),
        "webhooks three times each": hooks(copies=3),
        "webhooks in the wrong order": hooks(hold=4),
        "webhooks late": hooks(delay=0.05),
        "webhooks lost": hooks(drop=10_000),
        "receiver's store down": receiver_is_down,
    }
)


def main() -> int:
    """Print the table; 1 when a fault shows in the end."""
    configure_logs(quiet=True)
    failed = 0
    say = functools.partial(print, flush=True)  # what it is for
    say(f"{'fault':<44}{'Jira':<8}{'end':<8}{'doubled':<9}{'calls':>6}")
    for mode in MODES:
        usual = played(mode, FAULTS["none"])
        for name, go_wrong in FAULTS.items():
            ended = played(mode, go_wrong)
            same = ended.issues == usual.issues
            failed += not same or bool(ended.doubled)
            told = "same" if same else "OTHER"
            say(f"{name:<44}{mode:<8}{told:<8}{len(ended.doubled):<9}{ended.calls:>6}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
