"""Sessions, counted sign-ins and the lists of the pages, on both databases."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import svc_plugin.store
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.identity import Access
from svc_plugin.engine.ports import Notice
from svc_plugin.store.codec import issue_to_json
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.records import SqlMirror
from svc_plugin.store.sessions import Limits, Session, SqlAttempts, SqlSessions
from svc_plugin.store.tables import sessions
from svc_plugin.store.views import SqlViews, Wanted
from tests.builders import MONDAY, SERVICE, an_issue, ref

ACCESS = Access(SERVICE, administrator=False, products=frozenset({"erp", "mes"}))
SESSION = Session("main", ACCESS, "key-of-wang", opened_at=MONDAY, checked_at=MONDAY)


def test_a_session_comes_back_as_it_was_and_only_by_its_token(database: Database) -> None:
    kept = SqlSessions(database)
    kept.open("token", SESSION)
    assert kept.find("token", MONDAY) == SESSION
    assert kept.find("another", MONDAY) is None


def test_ended_sessions_are_forgotten_when_the_next_one_opens(database: Database) -> None:
    kept, later = SqlSessions(database), MONDAY + timedelta(days=1)
    kept.open("old", SESSION)
    kept.open("new", Session("main", ACCESS, "k", opened_at=later, checked_at=later))
    with database.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(sessions)).scalar_one() == 1


def test_what_an_account_may_see_is_renewed(database: Database) -> None:
    kept, later = SqlSessions(database), MONDAY + timedelta(hours=1)
    kept.open("token", SESSION)
    less = Access(SERVICE, administrator=True, products=frozenset())
    kept.refresh("token", replace(SESSION, access=less, key="another", checked_at=later))
    found = kept.find("token", MONDAY + timedelta(hours=2, minutes=30))
    assert found is not None
    assert (found.access, found.key, found.checked_at) == (less, "another", later)


def test_attempts_are_limited_by_pair_account_and_address(database: Database) -> None:
    attempts = SqlAttempts(database, Limits(pair=2, account=3, address=4))
    tried = [("a", "1"), ("a", "1"), ("a", "1"), ("A", "2"), ("a", "3"), ("b", "1"), ("c", "1"), ("d", "1")]
    held = [attempts.claim(account, address, MONDAY) is not None for account, address in tried]
    assert held == [False, False, True, False, True, False, False, True]
    attempts.forget("A", "1")
    assert attempts.claim("a", "1", MONDAY) is None
    assert attempts.claim("d", "1", MONDAY + timedelta(minutes=16)) is None


def test_lists_hold_what_was_asked_for_the_longest_waiting_first(database: Database) -> None:
    mirror, views = SqlMirror(database), SqlViews(database)
    for key, product, level, age in (("1", "erp", "1", 1), ("2", "erp", "2", 2), ("3", "mes", "2", 3)):
        changed = MONDAY - timedelta(days=age)
        fields = {Field.ESCALATION_LEVEL: level}
        issue = an_issue(key=key, product=product, fields=fields, updated_at=changed)
        mirror.put(issue, seen_at=MONDAY)
    mirror.put(an_issue(key="4", stage=Stage.CLOSED, fields={Field.ESCALATION_LEVEL: "9"}), seen_at=MONDAY)

    def keys(wanted: Wanted) -> list[str]:
        return [issue.ref.key for issue in views.issues(wanted, limit=9)]

    assert keys(Wanted("main", {"erp"}, level=1)) == ["2", "1"]
    assert keys(Wanted("main", {"erp", "mes"}, level=2)) == ["3", "2"]
    assert keys(Wanted("main", {"erp"}, IssueKind.MAINTENANCE)) == []
    assert keys(Wanted("other", {"erp"}, level=1)) == []


def test_deliveries_are_counted_by_site(database: Database) -> None:
    inbox, views = SqlInbox(database), SqlViews(database)
    for number in range(3):
        inbox.accept(Notice(ref(str(number)), f"d{number}", b"{}", MONDAY + timedelta(days=number)))
    assert views.deliveries_since(MONDAY + timedelta(days=1)) == [("main", 2)]
    assert [one.ref.key for one in views.deliveries(limit=2)] == ["2", "1"]


def test_an_old_mirror_gets_its_new_columns_filled(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", f"{svc_plugin.store.__path__[0]}/migrations")
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        names = ("site", "key", "product", "updated_at", "seen_at", "issue", "kind", "stage")
        table = sa.table("mirror", *(sa.column(name) for name in names))
        fields = {Field.REQUEST_KIND: "complaint", Field.ESCALATION_LEVEL: "2.0"}
        issue = an_issue(stage=Stage.IN_PROGRESS, fields=fields)
        text, now = issue_to_json(issue), MONDAY.timestamp()
        row = ("main", "12", "erp", now, now, text, "service_request", "in_progress")
        connection.execute(sa.insert(table).values(dict(zip(names, row, strict=True))))
    database.migrate()
    asked = Wanted("main", {"erp"}, request_kind="complaint", level=2)
    assert [one.title for one in SqlViews(database).issues(asked, limit=9)] == [issue.title]
    database.close()
