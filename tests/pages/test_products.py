"""A product's page: the same figures as in the reports, read without reading the issues again."""

import re
from datetime import timedelta

import pytest

from svc_plugin.demo.stage import ADMIN
from svc_plugin.demo.story import quarter_of
from svc_plugin.domain.figures.facts import facts_of
from svc_plugin.domain.figures.window import window_of, wordless
from svc_plugin.domain.model import HistoryEntry, Issue, TimeEntry
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.counting import count_some
from svc_plugin.messages import load
from svc_plugin.web.pages.overview import Overviews
from tests.builders import LEADER, MAINTAINER, SERVICE, a_plan, an_issue
from tests.pages.conftest import ELSEWHERE, House
from tests.pages.test_pages import queries

TEXTS = load("zh")
REQUEST, WORK, TASK = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE, IssueKind.SERVICE_TASK


@pytest.fixture(autouse=True)
def _bare(house: House):
    """The mirror holds what a test puts there, and nobody remembers former figures."""
    yield
    for issue in list(house.services.mirror.walk(None)):
        house.services.mirror.drop(issue.ref, at=house.watch())


def count(house: House) -> int:
    settings = house.services.settings
    assert house.web.pages
    return count_some(house.web.pages.board, settings.registers, settings.policies, house.watch)


def quarter(house: House) -> str:
    return quarter_of(house.day_of(house.watch()))


def some_work(house: House) -> list[Issue]:
    """Requests and maintenance from last month to today, some done, with hours."""
    now, kept = house.watch().replace(microsecond=0), []
    for n in range(24):
        at = now - timedelta(days=2 * n)
        done = n % 3 == 0
        kind = WORK if n % 2 else REQUEST
        who = MAINTAINER if kind is WORK else SERVICE
        frm, to = (Stage.IN_WORK if kind is WORK else Stage.IN_PROGRESS), Stage.CLOSED
        moved = HistoryEntry(at + timedelta(hours=1), who, moved_from=frm, moved_to=to)
        kept.append(
            house.keep(
                str(500 + n),
                kind,
                to if done else frm,
                created_at=at,
                updated_at=at,
                fields={
                    Field.REQUEST_KIND: ("fault", "complaint", "inquiry")[n % 3],
                    Field.MAINTENANCE_CLASS: ("corrective", "perfective")[n % 2],
                },
                history=(moved,) if done else (),
                time_entries=(TimeEntry("1", who, house.day_of(at), 1.5),),
            )
        )
    count(house)
    return kept


@pytest.mark.clause("M41")
@pytest.mark.clause("M62")
@pytest.mark.clause("M71")
def test_the_page_counts_what_the_reports_count(house: House) -> None:
    kept, now, period = some_work(house), house.watch(), quarter(house)
    settings = house.services.settings
    book = (settings.registers, settings.policies)
    service = customer_service_report(kept, *book, product="erp", period=period, now=now)
    upkeep = product_maintenance_report(kept, *book, product="erp", period=period, now=now)
    told = Overviews(house.web.pages).of("erp", period)
    for track, tallies, report in zip(
        told.tracks, (service.statistics.kinds, upkeep.statistics.classes), (service, upkeep), strict=True
    ):
        counted = {name: (received, done) for name, received, done in track.headings}
        expected = {
            one.name: (one.received.value, one.done.value)
            for one in tallies[:-1]
            if one.received.value or one.done.value
        }
        assert counted == expected
        assert track.costs.actual.value == pytest.approx(report.costs.actual.value)
        assert track.costs.budget == report.costs.budget
    opened = [one for one in kept if one.kind is REQUEST and one.stage is not Stage.CLOSED]
    assert sum(told.tracks[0].ages) == len(opened)


def test_a_clock_is_at_risk_before_it_is_missed_and_staff_see_whose(house: House) -> None:
    fields, asked = {Field.MAINTENANCE_CLASS: "corrective"}, house.watch() - timedelta(days=90)
    house.keep("71", WORK, Stage.IN_WORK, title="夜间批处理中断", created_at=asked, fields=fields)
    count(house)
    for account, shown in ((LEADER, True), (MAINTAINER, True), (ADMIN, False)):
        page = house.signed_in(account).get("/products/erp").text
        assert ("夜间批处理中断" in page) == shown, account
        assert TEXTS.say("product.at_risk", count=2, missed=2) in page
    assert "2" in house.signed_in(LEADER).get("/products").text


def test_a_stopped_clock_counts_as_kept_or_not(house: House) -> None:
    asked = house.watch() - timedelta(days=20)
    for key, after in (("61", timedelta(minutes=5)), ("62", timedelta(days=15))):
        entry = HistoryEntry(asked + after, SERVICE, moved_from=Stage.REGISTERED, moved_to=Stage.IN_PROGRESS)
        house.keep(key, REQUEST, Stage.IN_PROGRESS, created_at=asked, history=(entry,))
    count(house)
    told = Overviews(house.web.pages).of("erp", str(house.day_of(asked).year))
    assert (told.kept["first_response"].kept, told.kept["first_response"].due) == (1, 2)


@pytest.mark.clause("M75")
def test_the_plan_in_force_is_named_and_its_lack_too(house: House) -> None:
    year = str(house.day_of(house.watch()).year)
    plan = a_plan("service_plan", year)
    house.services.mirror.put(plan, seen_at=house.watch())
    page = house.signed_in(LEADER).get("/products/erp").text
    assert TEXTS.say("product.plan.in_force") in page
    lacking = TEXTS.say("choice.document_kind.maintenance_plan")
    assert TEXTS.say("product.plan.none", kind=lacking) in page


@pytest.mark.clause("M58")
def test_patch_coverage_is_counted_by_patch(house: House) -> None:
    for n, stage in enumerate((Stage.CLOSED, Stage.CLOSED, Stage.OPEN)):
        fields = {Field.TASK_KIND: "patch_update", Field.ORIGIN: "M58@main/9"}
        house.keep(str(300 + n), TASK, stage, fields=fields)
    count(house)
    page = house.signed_in(LEADER).get("/products/erp").text
    assert TEXTS.say("product.coverage", done=2, all=3, share=67) in page
    assert "/issues/main/9" in page


def test_charts_say_their_numbers_in_a_table_and_carry_no_style(house: House) -> None:
    some_work(house)
    page = house.signed_in(LEADER).get("/products/erp").text
    assert page.count('role="img"') == page.count("<figure>") == 4
    assert page.count("</svg>") == page.count("<summary>" + TEXTS.say("product.numbers"))
    assert "style=" not in page
    assert "<script" not in page
    figure = page[page.index("<figure>") : page.index("</figure>")]
    told = [number for number in re.findall(r"<td>(\d+)</td>", figure) if number != "0"]
    drawn = re.findall(r'y="([\d.]+)">(\d+)</text>', figure)
    names = max(drawn, key=lambda one: float(one[0]))[0]  # below the columns
    assert [number for height, number in drawn if height != names] == told
    assert told


def test_a_page_asks_as_often_for_many_issues_as_for_one_and_stays_small(house: House) -> None:
    house.keep("1", REQUEST, Stage.IN_PROGRESS)
    count(house)
    visitor, now = house.signed_in(LEADER), house.watch.ahead
    counts = [[queries(house, visitor, path) for path in ("/products", "/products/erp", "/")]]
    for n in range(60):
        house.keep(str(100 + n), WORK if n % 2 else REQUEST, Stage.IN_PROGRESS)
        house.keep(str(200 + n), TASK, Stage.OPEN, fields={Field.TASK_KIND: "patch_update"})
    count(house)
    house.watch.ahead = now + timedelta(minutes=1)  # what was remembered is old
    counts.append([queries(house, visitor, path) for path in ("/products", "/products/erp", "/")])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 25
    house.watch.ahead += timedelta(seconds=1)
    assert queries(house, visitor, "/products/erp") <= 2  # remembered
    for path in ("/products", "/products/erp", "/"):
        assert len(visitor.get(path).data) < 50_000, path


@pytest.mark.parametrize("period", ["soon", "2026-Q9", "0", "<script>"])
def test_a_period_that_is_none_is_not_found(house: House, period: str) -> None:
    assert house.signed_in(LEADER).get("/products/erp", query_string={"period": period}).status_code == 404


def test_a_product_of_another_project_is_not_there(house: House) -> None:
    assert house.signed_in(ELSEWHERE).get("/products/erp").status_code == 404
    assert house.signed_in(LEADER).get("/products/none").status_code == 404


def test_what_is_counted_follows_the_mirror(house: House) -> None:
    issue = an_issue(REQUEST, Stage.IN_PROGRESS, key="41")
    settings, mirror = house.services.settings, house.services.mirror
    mirror.put(issue, seen_at=house.watch())
    assert (count(house), count(house)) == (1, 0)
    facts = facts_of(wordless(issue, settings.registers, house.watch()), settings.policies)
    mirror.put(issue, seen_at=house.watch(), facts=facts)
    assert count(house) == 0
    board, window = house.web.pages.board, window_of("2026", settings.registers.calendar.zone)
    assert board.headings("erp", REQUEST, window.start, window.end) == {"request": (1, 0)}
    mirror.drop(issue.ref, at=house.watch())
    assert board.headings("erp", REQUEST, window.start, window.end) == {}


def test_any_period_is_remembered_for_half_a_minute_and_counted_again_after_it(house: House) -> None:
    overviews = Overviews(house.web.pages)
    former = str(house.watch().year - 3)
    first = overviews.of("erp", former)
    house.keep("51", REQUEST, Stage.IN_PROGRESS)
    count(house)
    assert overviews.of("erp", former) is first
    house.watch.ahead += timedelta(seconds=31)
    assert sum(overviews.of("erp", former).tracks[0].ages) == sum(first.tracks[0].ages) + 1


def test_while_somebody_counts_others_see_what_is_hardly_older(house: House) -> None:
    overviews, period = Overviews(house.web.pages), quarter(house)
    first = overviews.of("erp", period)
    house.watch.ahead += timedelta(seconds=31)
    (page,) = overviews._known.values()
    with page.turn:
        assert overviews.of("erp", period) is first
    assert overviews.of("erp", period).at > first.at


def test_who_asks_for_ever_other_periods_fills_no_memory(house: House) -> None:
    overviews = Overviews(house.web.pages)
    for number in range(300):
        overviews._page("erp", f"{1901 + number // 12}-{1 + number % 12:02}")
    assert len(overviews._known) == 200
    assert ("erp", "1901-01") not in overviews._known
