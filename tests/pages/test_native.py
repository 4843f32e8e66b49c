"""The check page shows what the site keeps itself, where it keeps something; there is nothing to press."""

from datetime import UTC, datetime, timedelta

from svc_plugin.engine.native import Decision, NativeApproval, NativeClock, NativeRecord, NativeState
from tests.builders import SERVICE
from tests.pages.conftest import House

HEAD = "站点自己的审批与 SLA"
RECORD = NativeRecord(
    [NativeApproval("<b>客户批准</b>", Decision.PENDING, [("王芳", Decision.APPROVED)])],
    [
        NativeClock(
            "首次响应",
            NativeState.RUNNING,
            breached=True,
            target=timedelta(hours=4),
            used=timedelta(minutes=310),
            due_at=datetime(2026, 10, 5, 1, 30, tzinfo=UTC),
        )
    ],
)


def test_the_site_s_own_approvals_and_slas_stand_beside_ours(house: House) -> None:
    page = house.signed_in(SERVICE, native=lambda _: RECORD).get(f"/issues/main/{house.issues['erp'].key}")
    assert page.status_code == 200
    part = page.text.partition(HEAD)[2].partition("</section>")[0]
    assert "审批“&lt;b&gt;客户批准&lt;/b&gt;”：待定；王芳（已批准）" in part
    assert "SLA“首次响应”：" in part
    assert "2026-10-05 09:30" in part
    assert not any(tag in part for tag in ("<form", "<button", "<a ", "<b>"))


def test_trouble_with_it_is_told_and_the_page_is_there(house: House) -> None:
    visitor = house.signed_in(SERVICE, native=lambda _: NativeRecord(unread="503"))
    page = visitor.get(f"/issues/main/{house.issues['erp'].key}")
    assert page.status_code == 200
    assert "未能读取：503" in page.text


def test_a_site_without_any_shows_nothing_of_the_kind(house: House) -> None:
    page = house.signed_in(SERVICE).get(f"/issues/main/{house.issues['erp'].key}")
    assert page.status_code == 200
    assert HEAD not in page.text
