"""The library: four documents from the mirror, kept in versions; an issued report stays as it is."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest

from svc_plugin.documents.library import KINDS, Library, wanted_document
from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.model import Issue, TimeEntry
from svc_plugin.links import Links
from svc_plugin.messages import load
from svc_plugin.store.codec import maintenance_report_from_json
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from svc_plugin.store.records import SqlMirror
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.quarter import issues
from tests.documents.upkeep import local


@pytest.fixture
def library(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/library.db")
    database.migrate()
    mirror = SqlMirror(database)
    for issue in issues():
        mirror.put(issue, seen_at=AFTER)
    texts = {language: load(language) for language in ("zh", "en")}

    def no_links() -> Links:
        raise AssertionError("nobody asked for a link")

    yield Library(DocumentStore(database), mirror, REGISTERS, POLICY, texts, no_links)
    database.close()


def written(library: Library, kind: str, period: str = "2026-Q4", *, language: str = "zh", now=AFTER):
    return library.create(wanted_document(kind, "erp", period), language=language, now=now)


def book(library: Library, key: str, day: date, hours: float) -> None:
    """Somebody books hours on an issue afterwards."""
    issue: Issue = next(i for i in issues() if i.ref.key == key)
    late = TimeEntry("late", "liu.yang", day, hours)
    library.mirror.put(replace(issue, time_entries=(*issue.time_entries, late)), seen_at=AFTER)


@pytest.mark.clause("M14")
@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_four_is_written_and_the_same_again(library, kind):
    first, again = written(library, kind), written(library, kind)
    assert (first.version, again.version, first.file_sha256) == (1, 1, again.file_sha256)
    assert first.title == load("zh").say(f"choice.document_kind.{kind}")


@pytest.mark.clause("M25")
@pytest.mark.clause("M48")
@pytest.mark.parametrize(("kind", "author"), list(zip(KINDS, ("王芳", "王芳", "刘洋", "刘洋"), strict=True)))
def test_the_author_is_the_first_of_the_staff_whose_document_it_is(library, kind, author):
    assert docx.Document(BytesIO(written(library, kind).content)).core_properties.author == author


@pytest.mark.clause("M76")
def test_a_report_that_was_issued_after_its_period_keeps_its_figures_in_every_language(library):
    issued = written(library, "maintenance_report")
    book(library, "2101", date(2026, 12, 30), 5.0)
    again, english = (written(library, "maintenance_report", language=lang) for lang in ("zh", "en"))
    assert (again.version, again.file_sha256) == (1, issued.file_sha256)
    assert english.data_sha256 == issued.data_sha256


@pytest.mark.clause("M76")
def test_the_next_report_lists_what_changed_since_the_last_was_issued(library):
    written(library, "maintenance_report")
    book(library, "2101", date(2026, 12, 30), 5.0)
    following = written(library, "maintenance_report", "2027-Q1", now=local("2027-04-02 09:00"))
    told = maintenance_report_from_json(following.data)
    assert told.corrected == "2026-Q4"
    assert [(c.key, c.name, c.before, c.after) for c in told.corrections] == [
        ("effort", "刘洋", 68.0, 73.0),
        ("cost", "labour", 20_400.0, 21_900.0),
    ]


@pytest.mark.clause("M76")
def test_a_report_of_a_running_period_follows_the_record(library):
    running = local("2026-12-31 12:00")
    written(library, "maintenance_report", now=running)
    book(library, "2101", date(2026, 12, 30), 5.0)
    assert written(library, "maintenance_report", now=running).version == 2
    final = written(library, "maintenance_report")
    assert maintenance_report_from_json(final.data).effort_total.value == 83.25


def test_a_plan_follows_the_registers_and_the_record(library):
    assert written(library, "maintenance_plan", "2027").version == 1
    book(library, "2101", date(2026, 12, 30), 5.0)
    assert written(library, "maintenance_plan", "2027").version == 2


def test_a_kind_that_is_not_one_of_the_four_is_refused(library):
    wanted = replace(wanted_document("service_plan", "erp", "2026"), document_kind="poem")
    with pytest.raises(TerminalError, match="'poem' is not one of ours"):
        library.create(wanted, language="zh", now=AFTER)
