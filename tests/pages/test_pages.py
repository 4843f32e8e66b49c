"""What the pages show and do."""

import base64
import hashlib
import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from svc_plugin.demo.stage import ADMIN
from svc_plugin.documents.library import wanted_document
from svc_plugin.domain.plan import Finding, Plan, PutComment, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from svc_plugin.store.records import SqlLedger
from svc_plugin.store.views import SqlViews, Wanted
from tests.builders import LEADER, MAINTAINER, SERVICE, ref
from tests.pages.conftest import House

DESK = {
    "approve": (IssueKind.DOCUMENT, Stage.SUBMITTED, {Field.DOCUMENT_KIND: "service_plan"}),
    "decide": (IssueKind.MAINTENANCE, Stage.AWAITING_DECISION, {}),
    "complaints": (IssueKind.SERVICE_REQUEST, Stage.IN_PROGRESS, {Field.REQUEST_KIND: "complaint"}),
    "escalated": (IssueKind.MAINTENANCE, Stage.IN_WORK, {Field.ESCALATION_LEVEL: "1"}),
    "acknowledge": (IssueKind.DOCUMENT, Stage.SUBMITTED, {Field.DOCUMENT_KIND: "service_report"}),
}


@pytest.fixture(autouse=True)
def _bare(house: House):
    """The mirror holds what a test puts there."""
    yield
    for issue in list(house.services.mirror.walk(None)):
        house.services.mirror.drop(issue.ref, at=house.watch())


@pytest.mark.parametrize("heading", DESK)
@pytest.mark.parametrize("account", [LEADER, SERVICE, MAINTAINER])
def test_the_desk_asks_each_person_for_what_is_theirs_to_do(house: House, heading: str, account: str) -> None:
    kind, stage, fields = DESK[heading]
    house.keep("81", kind, stage, fields=fields, title="等人来办")
    theirs = {
        LEADER: set(DESK),
        SERVICE: {"complaints", "escalated"},
        MAINTAINER: {"escalated"},
    }
    page = house.signed_in(account).get("/").text
    assert ("等人来办" in page) == (heading in theirs[account])
    assert (load("zh").say(f"pages.desk.{heading}") in page) == (heading in theirs[account])


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.REJECTED])
def test_what_is_at_its_end_waits_for_nobody(house: House, stage: Stage) -> None:
    fields = {Field.REQUEST_KIND: "complaint", Field.ESCALATION_LEVEL: "3"}
    house.keep("81", IssueKind.SERVICE_REQUEST, stage, fields=fields, title="等人来办")
    assert "等人来办" not in house.signed_in(LEADER).get("/").text


def test_nobody_is_asked_to_approve_their_own_plan(house: House) -> None:
    kind, stage, fields = DESK["approve"]
    house.keep("81", kind, stage, fields=fields, title="自己的计划", author=LEADER)
    assert "自己的计划" not in house.signed_in(LEADER).get("/").text


def test_no_list_of_the_desk_walks_the_whole_mirror(house: House) -> None:
    views, plans = SqlViews(house.services.database), []

    def explain(connection, _cursor, statement, parameters, *_rest):
        if "FROM mirror" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            plans.append("; ".join(row[-1] for row in rows))

    engine = house.services.database._engine
    sa.event.listen(engine, "before_cursor_execute", explain)
    both = ("erp", "mes")
    for wanted in (
        Wanted("main", both, IssueKind.DOCUMENT, (Stage.SUBMITTED,)),
        Wanted("main", both, request_kind="complaint"),
        Wanted("main", both, level=1),
    ):
        views.issues(wanted, limit=9)
    sa.event.remove(engine, "before_cursor_execute", explain)
    assert "mirror_by_stage (product=? AND kind=? AND stage=?)" in plans[0]
    assert "mirror_by_request_kind (request_kind=? AND product=? AND stage=?)" in plans[1]
    assert "mirror_by_level (product=? AND stage=? AND level>?)" in plans[2]


def queries(house: House, visitor, path: str) -> int:
    asked: list[str] = []

    def note(_c, _cursor, statement, *_rest):
        asked.append(statement)

    engine = house.services.database._engine
    sa.event.listen(engine, "before_cursor_execute", note)
    assert visitor.get(path).status_code == 200
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_level_that_is_no_level_does_not_stop_the_mirror(house: House) -> None:
    for key, level in enumerate(("1e300", "-5", "nan", "zwei")):
        fields = {Field.ESCALATION_LEVEL: level}
        house.keep(f"8{key}", IssueKind.MAINTENANCE, Stage.IN_WORK, fields=fields)
    found = SqlViews(house.services.database).issues(Wanted("main", {"erp"}, level=1), limit=9)
    assert [issue.ref.key for issue in found] == ["80"]


def test_the_check_page_says_what_is_missing_which_clock_runs_and_what_was_done(house: House) -> None:
    issue = house.issues["erp"]
    plan = Plan(
        issue, (Finding("M40", "还缺少：答复。"),), (SetStage(Stage.IN_PROGRESS), PutComment("M40", "x"))
    )
    SqlLedger(house.services.database).record(plan, policy="p", at=house.watch())
    page = house.signed_in(SERVICE).get(f"/issues/{issue}").text
    texts = load("zh")
    missing = page.index(texts.say("pages.check.missing"))
    assert texts.field(Field.ANSWER) in page[missing : page.index(texts.say("pages.check.rules"))]
    assert texts.say("clock.first_response") in page
    assert texts.say("clock.cause.night") in page or texts.say("clock.cause.working") in page
    assert texts.say("pages.change.stage", stage=texts.stage(Stage.IN_PROGRESS)) in page
    assert "还缺少：答复。" in page


def test_looking_at_the_check_page_writes_nothing(house: House) -> None:
    store = house.redmine.extensions["redmine_standin"].store
    before = repr(store.issues)
    house.signed_in(SERVICE).get(f"/issues/{house.issues['erp']}")
    assert repr(store.issues) == before


def test_what_people_wrote_is_text_and_never_markup(house: House) -> None:
    page = house.signed_in(SERVICE).get(f"/issues/{house.issues['erp']}").text
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_look_again_takes_up_what_was_set_aside(house: House) -> None:
    issue, work = house.issues["erp"], house.services.work
    work.add([issue], due=house.watch())
    parked(house, issue, "403 Forbidden")
    visitor = house.signed_in(SERVICE)
    assert "403 Forbidden" in visitor.get(f"/issues/{issue}").text
    answer = visitor.post(f"/issues/{issue}/look")
    assert load("zh").say("pages.check.asked") in visitor.get(answer.location).text
    assert house.hints == [issue]
    assert work.queued(issue).error == ""


def test_a_queue_that_does_not_answer_costs_no_more_than_time(house: House) -> None:
    def down(_ref):
        raise ConnectionError("down")

    issue = house.issues["erp"]
    assert house.signed_in(SERVICE, hint=down).post(f"/issues/{issue}/look").status_code == 303
    assert issue in house.services.work.due(now=house.watch(), limit=99)


def parked(house: House, issue, reason: str) -> None:
    work = house.services.work
    item = work.take(now=house.watch(), lease=timedelta(minutes=1), ref=issue)
    work.park(item, error=reason)


def test_the_queue_names_what_is_set_aside_and_lets_it_go_on(house: House) -> None:
    house.services.work.add([ref("77")], due=house.watch())
    parked(house, ref("77"), "没有这个状态")
    visitor = house.signed_in(ADMIN)
    assert "没有这个状态" in visitor.get("/queue").text
    assert visitor.post("/queue/release", {"key": "77"}).status_code == 303
    assert "没有这个状态" not in visitor.get("/queue").text
    assert visitor.post("/queue/release", {"key": "never seen"}).status_code == 404


def test_word_is_handed_out_byte_for_byte(house: House, papers) -> None:
    answer = house.signed_in(LEADER).get(f"/shelf/{papers['erp'].document_id}/1/zh/word")
    assert answer.data == papers["erp"].content
    assert ZipFile(io.BytesIO(answer.data)).testzip() is None
    assert "CSR-erp-2026-Q3-v1.docx" in answer.headers["Content-Disposition"]


def test_the_preview_shows_that_version_in_a_frame_without_rights(house: House, papers) -> None:
    visitor = house.signed_in(LEADER)
    page = visitor.get(f"/shelf/{papers['erp'].document_id}/1/zh").text
    answer = visitor.get(f"/shelf/{papers['erp'].document_id}/1/zh/preview")
    assert "sandbox" in page
    assert "2026-Q3" in answer.text
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")


def test_the_style_of_the_preview_is_the_one_that_its_policy_allows(house: House, papers) -> None:
    answer = house.signed_in(LEADER).get(f"/shelf/{papers['erp'].document_id}/1/zh/preview")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    mark = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{mark}'" in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text


def test_a_version_whose_figures_were_not_kept_says_so(house: House, papers) -> None:
    answer = house.signed_in(LEADER).get(f"/shelf/{papers['bare'].document_id}/1/zh/preview")
    assert load("zh").say("pages.document.no_preview") in answer.text


@pytest.mark.parametrize("kind", ["service_plan", "maintenance_plan", "maintenance_report"])
def test_every_kind_of_document_can_be_shown_again(house: House, kind: str) -> None:
    wanted = wanted_document(kind, "erp", "2026-Q2")
    stored = house.services.library.create(wanted, language="en", now=house.watch())
    answer = house.signed_in(LEADER).get(f"/shelf/{stored.document_id}/1/en/preview")
    assert stored.document_id in answer.text


def test_the_list_of_documents_tells_where_their_issue_stands(house: House, papers) -> None:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q3"}
    house.keep("85", IssueKind.DOCUMENT, Stage.APPROVED, fields=fields)
    page = house.signed_in(LEADER).get("/shelf").text
    assert load("zh").stage(Stage.APPROVED) in page
    assert load("zh").say("pages.document.no_issue") in page


def test_chinese_comes_first_and_english_by_choice(house: House) -> None:
    visitor = house.signed_in(LEADER)
    assert '<html lang="zh-CN">' in visitor.get("/").text
    visitor.post("/language", {"language": "en"})
    page = visitor.get("/").text
    assert '<html lang="en">' in page
    assert load("en").say("pages.desk.nothing") in page
    visitor.post("/sign-out")
    visitor.sign_in(LEADER)
    assert '<html lang="en">' in visitor.get("/").text
