"""The four documents of one story say the same, wherever the story happened."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from svc_plugin.demo.actor import Seen
from svc_plugin.demo.story import Story
from svc_plugin.documents.library import KINDS, Library, wanted_document
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.links import Links
from svc_plugin.messages import load
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from svc_plugin.store.records import SqlMirror
from tests.scenarios.jira import jira
from tests.scenarios.play import Play
from tests.scenarios.redmine import standin
from tests.scenarios.words import Words, company
from tests.scenarios.worlds import MemoryWorld, World
from tests.thorough import takes_minutes

SETTINGS = company("zh")
_PART = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_SUM = re.compile(r"[0-9A-F]{4}(?:-[0-9A-F]{4}){3}|[0-9a-f]{64}")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


@dataclass
class Player:
    """A person of the demo's story in a scenario's world. They keep what they file: turns go by number."""

    play: Play
    account: str
    mapping: SiteMapping = field(default_factory=lambda: SETTINGS.sites["main"].mapping)

    def create(self, kind: IssueKind, product: str, title: str, fields: Mapping[Field, str]) -> int:
        self.play.file(title, kind, product, author=self.account, fields=fields, assignee=self.account)
        ref = self.play.filed[-1]
        self.play.call(ref.key, ref, kind)
        return int(ref.key)

    def change(
        self,
        number: int,
        kind: IssueKind,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
    ) -> None:
        self._know(number, kind)
        self.play.does(str(number), self.account, stage=stage, fields=fields or {})

    def release(self, product: str, name: str) -> None:
        self.play.releases(product, name, self.account)

    def look(self, number: int) -> Seen:
        issue = self.play.world.site.fetch(IssueRef("main", str(number)))
        assert issue.kind
        assert issue.stage
        notes = tuple(f"{marker} {text}" for marker, text in issue.comments.items())
        linked = {int(ref.key): ref.key for ref in issue.links}
        return Seen(self.mapping.status_of(issue.kind, issue.stage), notes, linked, issue.attachments)

    def _know(self, number: int, kind: IssueKind) -> None:
        if not self.play.knows(str(number)):
            self.play.call(str(number), IssueRef("main", str(number)), kind)


def documents(play: Play, store: Database) -> dict[str, list[str]]:
    """The texts of the four Word files, every issue called by its turn: a new Redmine counts from 1."""
    library = Library(
        DocumentStore(store),
        SqlMirror(store),
        SETTINGS.registers,
        SETTINGS.policies,
        {"zh": load("zh")},
        lambda: Links("secret", "https://svc.example.com", timedelta(days=1)),
    )
    now = play.world.clock()
    issues = sorted((issue for _, issue in play.all_issues()), key=lambda issue: int(issue.ref.key))
    own = {issue.label: str(turn) for turn, issue in enumerate(issues, 1) if issue.label}
    found = {}
    for kind in KINDS:
        wanted = wanted_document(kind, "erp", f"{now.year}-Q{(now.month + 2) // 3}")
        content = library.create(wanted, language="zh", now=now).content
        found[kind] = [_neutral(text, own) for text in _texts(content)]
    return found


def _texts(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as package:
        parts = [package.read(name).decode() for name in sorted(package.namelist()) if _PART.fullmatch(name)]
    return [unescape(text) for part in parts for text in _TEXT.findall(part)]


def _neutral(text: str, own: Mapping[str, str]) -> str:
    """Keys are the site's own, and the check code is a sum over them too."""
    text = _SUM.sub("<sum>", text)
    for label, turn in own.items():
        text = re.sub(rf"{re.escape(label)}(?!\d)", turn, text)
    return text


def play_the_story(world: World, store: Database) -> dict[str, list[str]]:
    play = Play(SETTINGS, Words("zh", SETTINGS.registers, SETTINGS.sites["main"].mapping), world, store)
    people = {account: Player(play, account) for account in SETTINGS.registers.people}
    today = world.clock().date()
    story = Story(people, load("zh"), lambda _: None, today=today, wait=0)
    story.happen()
    for name, account, hours in (("request", "wang.fang", 1.5), ("work", "liu.yang", 6.25)):
        play.books(str(story.issues[name]), account, hours)
    play.time_passes(datetime(today.year, 12, 1, 1, tzinfo=world.clock().tzinfo))
    play.comes_to_rest()
    return documents(play, store)


WORLDS: dict[str, Callable[[ExitStack], World]] = {
    "memory": lambda stack: MemoryWorld("zh"),
    "Redmine": lambda stack: stack.enter_context(standin(SETTINGS)),
    "Jira Cloud": lambda stack: stack.enter_context(jira(SETTINGS, "cloud")),
    "Jira Data Center": lambda stack: stack.enter_context(jira(SETTINGS, "dc")),
}


@takes_minutes
def test_the_four_documents_say_the_same_wherever_the_story_happened(store: Database) -> None:
    found = {}
    for name, world in WORLDS.items():
        with ExitStack() as stack:
            found[name] = play_the_story(world(stack), store)
    first = found["memory"]
    assert all(len(texts) > 50 for texts in first.values())
    for name, told in found.items():
        for document, texts in told.items():
            assert texts == first[document], (name, document)
