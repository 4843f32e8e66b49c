"""Whatever is asked or sent, no page breaks."""

from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svc_plugin.demo.stage import ADMIN
from tests.pages.conftest import House

ODD = st.sampled_from(["main", "1", "../1", "\x00", "zh", "9" * 400, "-1", "%", "\ufffd", "\u202e"])
TEXT = st.text(max_size=60) | ODD
PATHS = st.sampled_from(
    [
        "/issues/{}/{}", "/issues/main/{}{}", "/shelf/{}/{}/zh", "/shelf/CSR-erp-2026-Q3/{}/{}",
        "/shelf/{}/1/zh/{}", "/shelf/{}/1/zh/preview{}", "/{}{}", "/static/{}{}", "/queue{}{}",
        "/admin/audit?key={}&since={}", "/admin/audit.csv?actor={}&until={}",
        "/admin/deliveries?key={}&before={}", "/queue?page={}{}", "/admin/audit?kind={}&before={}",
        "/entry/drafts/{}{}", "/entry?q={}&customer={}", "/entry/drafts/{}/{}", "/sign-in/over/{}{}",
        "/sign-in/back?state={}&code={}",
    ]
)  # fmt: skip
NAMES = ["account", "password", "key", "site", "language", "token", "title", "customer", "received_at", "do"]
FORMS = st.dictionaries(st.sampled_from([*NAMES, "id", "full"]), TEXT)
POSTS = st.sampled_from(
    [
        "/sign-in",
        "/queue/release",
        "/language",
        "/issues/main/{}/look",
        "/entry",
        "/sign-in/proxy",
        "/admin/deliveries/again",
        "/admin/sync/start",
    ]
)
_often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_often
@given(template=PATHS, one=TEXT, other=TEXT)
def test_no_address_breaks_a_page(house: House, template: str, one: str, other: str) -> None:
    visitor = _administrator(house)
    path = template.format(quote(one, safe="", errors="replace"), quote(other, safe="", errors="replace"))
    assert visitor.get(path).status_code < 500, path


@_often
@given(path=POSTS, form=FORMS)
def test_no_form_breaks_a_page(house: House, path: str, form: dict[str, str]) -> None:
    visitor = _administrator(house)
    where = path.format(quote(form.get("key", ""), safe="", errors="replace"))
    data = {**form, "csrf_token": visitor.token("/queue")}
    encoded = {name: text.encode("utf-8", "replace") for name, text in data.items()}
    sent = visitor.client.post(where, data=encoded)
    assert sent.status_code < 500, (where, form)


_known = []


def _administrator(house: House):
    if not _known or _known[0].get("/queue").status_code != 200:
        _known[:] = [house.signed_in(ADMIN)]
    return _known[0]
