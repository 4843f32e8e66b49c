"""Notifications: one a step, ever; sent outside of every reconcile; a channel that is down stops nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Notification
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.looking import Looker
from svc_plugin.engine.notifying import Notifier
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.worker import Worker
from svc_plugin.store.database import Database
from svc_plugin.store.outbox import SqlOutbox
from svc_plugin.store.tables import notifications
from tests.builders import LEADER, MONDAY, SERVICE, SUPERIOR, ref
from tests.unit.engine.world import DOWN, Papers, World

CHANNELS = {SERVICE: ("mail_wang",), LEADER: ("mail_zhang", "wecom_zhang"), SUPERIOR: ("mail_zhou",)}
TOLD = Notification("M06-50", (SERVICE,), "title", "text", MONDAY)


class Post:
    """Reaches every channel but those that are ``down``."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.down: set[str] = set()

    def send(self, channel: str, title: str, text: str) -> None:
        if channel in self.down:
            raise TransientError(f"channel '{channel}' did not take it")
        self.sent.append((channel, title, text))

    def reached(self) -> list[str]:
        return [channel for channel, _, _ in self.sent]


class Telling(World):
    """A world whose people named channels."""

    def __init__(self) -> None:
        super().__init__(also={"M27"})
        self.post, self.outbox = Post(), SqlOutbox(self.database)
        self.notifier = Notifier(self.outbox, CHANNELS, self.post, self.clock)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Start the process again: what was only in memory is gone."""
        looker = Looker({"main": self.site}, self.rulebook, self.clock, self.mirror)
        records = Records(self.mirror, self.ledger, self.refusals, self.notifier)
        self.reconciler = Reconciler(looker, self.rulebook, records, Papers(), self.clock)
        self.worker = Worker(self.work, self.reconciler, self.clock, jitter=lambda: 1.0)

    def rows(self) -> list[str]:
        with self.database.begin() as connection:
            return sorted(connection.execute(sa.select(notifications.c.marker)).scalars())

    def inquiry(self) -> IssueRef:
        """Four hours from 09:00, assigned to service staff."""
        made = self.create(author="customer", assignee=SERVICE, fields={Field.REQUEST_KIND: "inquiry"})
        self.hook(made)
        self.drain()
        return made

    def look(self, issue: IssueRef, **later: float) -> None:
        self.clock.later(**later)
        self.hook(issue)
        self.settle()


@pytest.fixture
def world() -> Iterator[Telling]:
    world = Telling()
    yield world
    world.database.close()


@pytest.mark.clause("M06")
def test_every_step_is_told_once_on_every_channel_of_whom_it_names(world: Telling) -> None:
    request = world.inquiry()
    for _ in range(30):  # nine working hours, looked at more often than needed
        world.look(request, minutes=20)
        world.look(request)
        world.notifier.deliver()
    assert world.rows() == ["M06-100", "M06-150", "M06-50"]  # nobody named a channel at 80 %
    assert world.post.reached() == ["mail_wang", "mail_zhang", "wecom_zhang", "mail_zhou"]
    _, title, text = world.post.sent[0]
    assert "50 %" in title
    assert "#1 开票失败" in text
    assert world.outbox.unsent(limit=9) == []


@pytest.mark.clause("M27")
def test_a_complaint_is_told_to_the_leader_once(world: Telling) -> None:
    complaint = world.create(author="customer", assignee=SERVICE, fields={Field.REQUEST_KIND: "complaint"})
    for _ in range(3):
        world.look(complaint, minutes=1)
        world.notifier.deliver()
    assert world.post.reached() == ["mail_zhang", "wecom_zhang"]
    assert world.rows() == ["M27"]


def test_nothing_is_told_before_the_site_has_taken_the_step(world: Telling) -> None:
    request = world.inquiry()
    apply = world.site.apply
    world.site.apply = lambda *_, **_more: (_ for _ in ()).throw(DOWN)  # type: ignore[method-assign]
    world.look(request, hours=2, minutes=1)
    assert world.rows() == []
    world.site.apply = apply  # type: ignore[method-assign]
    world.look(request, minutes=1)
    assert world.rows() == ["M06-50"]


def test_a_crash_between_the_step_and_the_outbox_loses_nothing(world: Telling) -> None:
    request = world.inquiry()
    keep = world.notifier.keep
    world.notifier.keep = lambda *_, **_more: (_ for _ in ()).throw(RuntimeError("killed"))  # type: ignore[method-assign]
    world.look(request, hours=2, minutes=1)
    assert "M06-50" in world.issue(request).comments
    assert world.rows() == []
    world.notifier.keep = keep  # type: ignore[method-assign]
    world.begin_anew()
    world.look(request, minutes=1)
    world.notifier.deliver()
    assert world.post.reached() == ["mail_wang"]


def test_a_channel_that_is_down_stops_no_reconcile_and_is_tried_until_it_is_up(world: Telling) -> None:
    request = world.inquiry()
    world.post.down = {"mail_zhang"}
    world.look(request, hours=5, minutes=31)
    world.notifier.deliver()
    assert world.issue(request).value(Field.ESCALATION_LEVEL) == "1"
    assert world.work.parked(limit=9) == []
    assert sorted(world.post.reached()) == ["mail_wang", "wecom_zhang"]
    (waiting,) = world.outbox.unsent(limit=9)
    assert (waiting.marker, waiting.channels) == ("M06-100", ("mail_zhang",))
    assert "mail_zhang" in waiting.error
    world.notifier.deliver()
    assert len(world.post.sent) == 2, "not before its time"
    world.post.down = set()
    world.clock.later(minutes=1)
    world.notifier.deliver()
    assert sorted(world.post.reached()) == ["mail_wang", "mail_zhang", "wecom_zhang"]
    assert world.outbox.unsent(limit=9) == []


def test_what_never_arrives_is_given_up_and_stays_visible(world: Telling) -> None:
    world.post.down = {"mail_wang"}
    world.notifier.keep(ref(), [TOLD])
    for _ in range(40):
        world.notifier.deliver()
        world.clock.later(hours=1)
    (lost,) = world.outbox.unsent(limit=9)
    assert (lost.tries, lost.due_at) == (10, None)
    world.post.down = set()
    world.notifier.keep(ref(), [TOLD])
    world.notifier.deliver()
    assert world.post.sent == []


def test_old_news_are_not_told(world: Telling) -> None:
    world.clock.later(days=3, seconds=1)
    world.notifier.keep(ref(), [TOLD])
    assert world.rows() == []


def test_two_senders_never_hold_the_same_message(database: Database) -> None:
    outbox = SqlOutbox(database)
    for key in ("1", "2"):
        for _ in range(2):
            outbox.put(ref(key), TOLD, ["mail"], due=MONDAY)
    lease = timedelta(minutes=10)
    taken = [outbox.take(now=MONDAY, lease=lease) for _ in range(3)]
    assert [one.ref.key for one in taken if one] == ["1", "2"]
    late = outbox.take(now=MONDAY + timedelta(minutes=11), lease=lease)
    assert late
    assert late.ref == ref("1")
    # who comes back after its lease changes nothing any more
    assert taken[0]
    outbox.give_back(taken[0], channels=(), due=None, error="")
    assert ref("1") in [one.ref for one in outbox.unsent(limit=9)]
    outbox.give_back(late, channels=(), due=None, error="")
    assert [one.ref for one in outbox.unsent(limit=9)] == [ref("2")]
