"""The register: what a version is known by, its files, its status, and whether the record still agrees."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO

import docx
import pytest

from docgen.identity import file_sha256, text_sha256
from docgen.readback.model import RefusedError, TextState
from svc_plugin.documents.library import Library, wanted_document
from svc_plugin.documents.register import Register, check_code, file_of
from svc_plugin.documents.sidecar import figures_of
from svc_plugin.documents.verification import verify
from svc_plugin.domain.model import TimeEntry
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.links import Links
from svc_plugin.messages import load
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore, FileRole
from svc_plugin.store.records import SqlMirror
from tests.builders import an_issue
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.copies import changed, with_parts
from tests.documents.quarter import issues

NAMED = "CSR-erp-2026-Q4"


@dataclass
class House:
    """A library on the quarter's record, and its register."""

    library: Library
    register: Register

    def write(self, kind="service_report", period="2026-Q4", *, language="zh", now=AFTER):
        return self.library.create(wanted_document(kind, "erp", period), language=language, now=now)

    def book(self, hours, key="2101"):
        """Somebody books hours on an issue of the quarter afterwards; none takes them back."""
        issue = next(one for one in issues() if one.ref.key == key)
        late = TimeEntry("late", "liu.yang", date(2026, 12, 30), hours)
        again = replace(issue, time_entries=(*issue.time_entries, *((late,) if hours else ())))
        self.library.mirror.put(again, seen_at=AFTER)

    def verify(self, data):
        return verify(data, self.library, self.register)


@pytest.fixture
def house(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/register.db")
    database.migrate()
    mirror, store = SqlMirror(database), DocumentStore(database)
    for issue in issues():
        mirror.put(issue, seen_at=AFTER)
    texts = {language: load(language) for language in ("zh", "en")}

    def no_links() -> Links:
        raise AssertionError("nobody asked for a link")

    library = Library(store, mirror, REGISTERS, POLICY, texts, no_links, "policy-digest")
    yield House(library, Register(store, mirror))
    database.close()


def said(document):
    return "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(document)).paragraphs)


@pytest.mark.clause("M65")
def test_a_version_is_known_by_its_marks_and_by_what_made_it(house):
    one = house.write()
    assert one == house.register.store.get(NAMED, 1, "zh")
    assert one.text_sha256 == text_sha256(one.content)
    assert one.file_sha256 == file_sha256(one.content)
    assert (one.policy, one.status) == ("policy-digest", "draft")
    assert one.template.startswith("base ")
    assert one.generator.startswith("svc-plugin ")


@pytest.mark.clause("M65")
def test_every_figure_carries_the_issues_behind_it_in_a_file_beside(house):
    one = house.write()
    kept = file_of(house.register.store, one, FileRole.SIDECAR)
    stated = json.loads(kept.content)
    assert {name: stated[name] for name in ("document_id", "version", "text_sha256", "data_sha256")} == {
        "document_id": NAMED,
        "version": 1,
        "text_sha256": one.text_sha256,
        "data_sha256": one.data_sha256,
    }
    figures = figures_of(kept)
    assert len(figures) > 30
    assert all(figure.refs and figure.text for figure in figures)
    known = {issue.ref for issue in issues()}
    assert {ref for figure in figures for ref in figure.refs} <= known
    words = "\n".join(
        cell.text for table in docx.Document(BytesIO(one.content)).tables for cell in table._cells
    )
    assert all(figure.text in words for figure in figures)


@pytest.mark.clause("M65")
def test_the_issued_file_is_intact_and_the_record_agrees(house):
    one = house.write()
    found = house.verify(one.content)
    assert (found.document.version, found.text, found.drifted) == (1, TextState.ISSUED, False)


@pytest.mark.clause("M65")
def test_a_copy_packed_anew_is_a_saved_one_and_a_changed_word_is_found(house):
    content = house.write().content
    again = house.verify(with_parts(content, {"docProps/app.xml": b"<Properties/>"}))
    assert (again.text, again.differences) == (TextState.RESAVED, ())
    altered = house.verify(changed(content, {">电话<": ">书信<"}))
    assert altered.text is TextState.ALTERED
    (place,) = (one.said(load("zh")) for one in altered.differences)
    assert "“电话”改为“书信”" in place


@pytest.mark.clause("M65")
@pytest.mark.clause("M76")
def test_a_figure_that_the_record_tells_otherwise_now_is_named(house):
    one = house.write("maintenance_report")
    house.book(5.0)
    found = house.verify(one.content)
    assert found.text is TextState.ISSUED
    told = {(drift.then, drift.now) for drift in found.drifts}
    assert ("68.0", "73.0") in told
    assert all(drift.place and drift.label for drift in found.drifts)
    assert "effort_total" in found.facts
    house.book(None)
    assert not house.verify(one.content).drifts


@pytest.mark.clause("M65")
@pytest.mark.clause("M76")
def test_time_that_went_by_is_no_change_of_the_record(house):
    for kind in ("service_report", "maintenance_report"):
        running = house.write(kind, now=AFTER - timedelta(days=60))
        assert not house.verify(running.content).drifted
        # the clocks went on meanwhile: written today it says something else
        assert house.write(kind).data_sha256 != running.data_sha256


@pytest.mark.clause("M65")
def test_an_issue_that_is_counted_now_and_was_not_is_named(house):
    one = house.write()
    issue = next(i for i in issues() if i.value(Field.REQUEST_KIND) == "inquiry")
    house.library.mirror.drop(issue.ref, at=AFTER)
    found = house.verify(one.content)
    assert any(issue.ref in drift.removed for drift in found.drifts)


def test_what_was_issued_before_references_were_kept_is_told_and_not_guessed(house):
    one = replace(
        house.write(), version=2, content=b"PK\x03\x04 elder", file_sha256=file_sha256(b"PK\x03\x04 elder")
    )
    house.register.store.put(one)
    found = house.verify(one.content)
    assert (found.text, found.counted, found.drifted) == (TextState.ISSUED, False, False)


def test_a_file_that_was_never_issued_is_refused(house):
    content = house.write().content
    foreign = changed(content, {f">{NAMED}<": ">CSR-erp-1999-Q4<"}, "docProps/custom.xml")
    with pytest.raises(RefusedError):
        house.verify(foreign)


def document_issue(stage, *versions, kind="service_report", period="2026-Q4", key="900"):
    fields = {Field.DOCUMENT_KIND: kind, Field.PERIOD: period}
    files = tuple(f"{NAMED}-v{version}.docx" for version in versions)
    return an_issue(IssueKind.DOCUMENT, stage, key=key, fields=fields, attachments=files)


def statuses(house):
    return {(one.version, one.language): one.status for one in house.register.store.listed()}


@pytest.mark.clause("M65")
def test_the_status_is_the_stage_of_the_issue_and_a_new_version_supersedes_the_former(house):
    running = AFTER.replace(year=2026, month=12)
    house.write(now=running)
    house.write(language="en", now=running)
    house.register.follow(document_issue(Stage.APPROVED, 1), "zh")
    # the other language says the same
    assert statuses(house) == {(1, "zh"): "approved", (1, "en"): "approved"}
    house.write()
    assert statuses(house)[2, "zh"] == "draft"
    house.register.follow(document_issue(Stage.SUBMITTED, 1, 2), "zh")
    assert statuses(house) == {(1, "zh"): "superseded", (1, "en"): "superseded", (2, "zh"): "submitted"}


def test_an_issue_without_a_document_changes_no_status(house):
    house.write()
    for issue in (
        document_issue(Stage.APPROVED),
        document_issue(Stage.APPROVED, 9),
        document_issue(Stage.APPROVED, 1, period="soon"),
        an_issue(stage=Stage.CLOSED),
    ):
        house.register.follow(issue, "zh")
    assert statuses(house) == {(1, "zh"): "draft"}


@pytest.mark.clause("M14")
def test_the_newest_version_in_the_sites_language_is_known_by_its_code(house):
    issue = document_issue(Stage.DRAFT)
    assert house.register.newest(issue, "zh") is None
    house.write(now=AFTER.replace(year=2026, month=12))
    two = house.write()
    newest = house.register.newest(issue, "zh")
    assert (newest.document_id, newest.version, newest.mark) == (NAMED, 2, check_code(two))
    assert house.register.newest(issue, "en") is None


@pytest.mark.clause("M65")
def test_every_version_stays_byte_for_byte(house):
    one = house.write("maintenance_plan", "2027")
    house.book(5.0)
    two = house.write("maintenance_plan", "2027")
    assert two.version == 2
    assert house.register.store.get(one.document_id, 1, "zh").content == one.content


@pytest.mark.clause("M39")
@pytest.mark.clause("M60")
@pytest.mark.parametrize(
    ("kind", "chapter"), [("service_report", "客户要求"), ("maintenance_report", "维护要求")]
)
def test_a_long_list_is_a_file_of_its_own_whose_checksum_the_report_names(house, kind, chapter):
    long = replace(house.library, annex_above=3)
    one = long.create(wanted_document(kind, "erp", "2026-Q4"), language="zh", now=AFTER)
    annex = file_of(house.register.store, one, FileRole.ANNEX)
    assert annex.name == f"{one.document_id}-v1-annex.docx"
    assert annex.name in said(one.content)
    assert annex.file_sha256 in said(one.content)
    assert annex.file_sha256 == file_sha256(annex.content)
    everything = sum(len(table.rows) for table in docx.Document(BytesIO(annex.content)).tables)
    short = house.library.draft(wanted_document(kind, "erp", "2026-Q4"), language="zh", now=AFTER)
    rows = next(s for s in short.sections if chapter in s.heading).blocks[-1].groups()
    assert everything > sum(len(list(group.rows)) for group in rows) > 3
    assert house.verify(annex.content).text is TextState.ISSUED
    assert house.verify(with_parts(annex.content, {"docProps/app.xml": b"<a/>"})).text is TextState.RESAVED


def test_what_is_open_or_late_stands_in_a_long_report_itself(house):
    long = replace(house.library, annex_above=3)
    document = long.draft(wanted_document("service_report", "erp", "2026-Q4"), language="zh", now=AFTER)
    shown = [row for group in document.sections[1].blocks[-1].groups() for row in group.rows]
    whole = house.library.draft(wanted_document("service_report", "erp", "2026-Q4"), language="zh", now=AFTER)
    every = [row for group in whole.sections[1].blocks[-1].groups() for row in group.rows]
    opened = [row for row in every if "未完成" in row[8]]
    late = [row for row in every if "超时" in row[7]]
    assert opened
    assert set(opened) | set(late) <= set(shown) < set(every)
    assert len(document.figures) == len(whole.figures)


@pytest.mark.parametrize("most", [0, 10_000])
def test_a_list_within_the_limit_stands_in_the_report(house, most):
    within = replace(house.library, annex_above=most)
    one = within.create(wanted_document("service_report", "erp", "2026-Q4"), language="zh", now=AFTER)
    assert file_of(house.register.store, one, FileRole.ANNEX) is None


@pytest.mark.clause("M76")
def test_a_draft_shows_the_frozen_figures_and_issues_nothing(house):
    house.write("maintenance_report")
    house.book(5.0)
    wanted = wanted_document("maintenance_report", "erp", "2026-Q4")
    document = house.library.draft(wanted, language="zh", now=AFTER)
    assert document.front.version == "1"
    assert document.data_sha256 == house.register.store.newest(wanted.document_id).data_sha256
    assert len(house.register.store.listed()) == 1


@pytest.mark.clause("M25")
@pytest.mark.clause("M48")
@pytest.mark.clause("M76")
def test_the_next_plan_starts_from_the_last_report_as_it_was_issued(house):
    house.write("maintenance_report")
    house.book(5.0)
    plan = json.loads(house.write("maintenance_plan", "2027-Q1").data)
    report = json.loads(house.register.store.newest("PMR-erp-2026-Q4").data)
    assert plan["before"]["period"] == "2026-Q4"
    assert plan["before"]["hours"] == report["effort_total"]
    assert plan["before"]["costs"] == report["costs"]
    # nobody reported on the quarter before: what the record tells is taken
    other = json.loads(house.write("maintenance_plan", "2026-Q4").data)
    assert other["before"]["period"] == "2026-Q3"
