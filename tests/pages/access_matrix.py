"""``python -m tests.pages.access_matrix``: who may ask what, as one table; ends with 1 on a surprise.

Every route of the application, by everybody, for a thing of their own product and for one of another; and
whatever is sent, without a token and with that of another session. A route that is added is in the table
without a word: unless it is named below, it has to turn away who is not signed in.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from svc_plugin.demo.stage import ADMIN
from svc_plugin.store.database import Database
from tests.pages.access_world import ROLES, Thing, World
from tests.pages.conftest import a_house, reports

OPEN = {
    "pages.sign_in", "pages.begin", "pages.vouched", "pages.depart", "pages.arrive", "pages.language",
    "pages.static", "health.live", "health.ready", "webhooks.guide",
}  # fmt: skip
"""What somebody who is not signed in may ask for."""
BY_SECRET = {"webhooks.receive", "downloads.download", "health.metrics"}
"""What goes by a secret of its own, not by a session."""
MACHINES = ("health.", "webhooks.")
NAMING = {"pages.release", "pages.redeliver"}
"""Whose form, not address, says which thing it is about."""
ENDING = {"pages.end", "pages.end_all"}
_TOKEN = re.compile(r'(name="(?:csrf_token|token)" value=")[^"]+')
_POLICY = re.compile(r"frame-ancestors '(none|self)'")


@dataclass
class Matrix:
    """The table as it grows, and what nobody expected."""

    world: World
    rows: list[list[str]] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    shown: set[tuple[str, str]] = field(default_factory=set)

    def fill(self) -> "Matrix":
        """Ask everything."""
        for rule in sorted(self.world.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
            self.ask(rule)
        for product, marks in self.world.marks.items():
            for mark in marks:
                if (product, mark) not in self.shown:
                    self.surprises.append(f"nobody was shown {mark!r} of {product}: nothing was tested by it")
        return self

    def ask(self, rule: Rule) -> None:
        """Ask for one route in each of its ways."""
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            self._route(rule, method)

    def _route(self, rule: Rule, method: str) -> None:
        try:
            self.world.things["none"].address(rule)
        except KeyError as unknown:
            self.surprises.append(f"{rule.rule}: say in access_world what {unknown} stands for")
            return
        cells = [self._cell(rule, method, account) for account in ROLES.values()]
        tokens = [self._forged(rule, method, given) for given in (None, self.world.another_token())]
        self.rows.append([f"{method} {rule.rule}", *cells, *tokens])

    def _cell(self, rule: Rule, method: str, account: str) -> str:
        """Ask as somebody, for what is theirs and for what is not; return both answers."""
        own, foreign = self.world.own(account), self.world.foreign(account)
        self.world.visitor(account)
        before, statuses = self.world.state(), list[int]()
        named = names_a_thing(rule)
        if named or method == "POST":
            foreign = self.world.things["none"] if rule.endpoint in BY_SECRET else foreign
            other = self._ask(rule, method, account, foreign)
            self._judge(rule, method, account, other)
            statuses = [other.status_code]
            if named and account and allowed(rule, account):
                self._denied(rule, method, account, other)
        acting = method == "POST" and allowed(rule, account) and rule.endpoint not in BY_SECRET
        if not acting or not (is_open(rule) or rule.endpoint in ENDING or (account == ADMIN and not named)):
            mine = None if acting else self._ask(rule, method, account, own)
            self._unchanged(rule, method, account, before)
        else:
            mine = None
        mine = mine or self._ask(rule, method, account, own)
        self._judge(rule, method, account, mine)
        if account and not allowed(rule, account) and mine.status_code != 403:
            self._surprise(rule, method, account, f"{mine.status_code}, not 403")
        return " ".join(str(one) for one in (mine.status_code, *statuses))

    def _denied(self, rule: Rule, method: str, account: str, answer: TestResponse) -> None:
        """Note an answer that shows another's thing, or only that there is one."""
        good = {401, 404} if rule.endpoint in BY_SECRET else {404}
        if answer.status_code not in good:
            self._surprise(rule, method, account, f"{answer.status_code} for what is not theirs")
        none = self._ask(rule, method, account, self.world.things["none"])
        if plain(answer) != plain(none):
            self._surprise(rule, method, account, "tells what is there from what is not")

    def _ask(self, rule: Rule, method: str, account: str, thing: Thing) -> TestResponse:
        visitor, where = self.world.visitor(account), thing.address(rule)
        if method == "GET":
            return visitor.get(where)
        if rule.endpoint.startswith(MACHINES):
            return visitor.client.open(where, method=method, json=dict(thing.form))
        token = {"csrf_token": visitor.token()}
        answer = visitor.client.open(where, method=method, data={**thing.form, **token})
        if rule.endpoint in ENDING:
            del self.world.browsers[account]
        return answer

    def _forged(self, rule: Rule, method: str, token: str | None) -> str:
        """Send a form as everybody, with a token that is not theirs; return the answers."""
        if method == "GET" or rule.endpoint.startswith(MACHINES):
            return "-"
        people = [(account, self.world.visitor(account)) for account in ROLES.values()]
        statuses, before = set[str](), self.world.state()
        for account, visitor in people:
            own = self.world.own(account)
            data = {**own.form, **({} if token is None else {"csrf_token": token})}
            answer = visitor.client.open(own.address(rule), method=method, data=data)
            self._judge(rule, method, account, answer)
            if answer.status_code != 400:
                self._surprise(rule, method, account, f"{answer.status_code} for a forged form")
            statuses.add(str(answer.status_code))
            if account and visitor.get("/").status_code != 200:
                self._surprise(rule, method, account, "signed out by a forged form")
        self._unchanged(rule, method, "a forger", before)
        return " ".join(sorted(statuses))

    def _judge(self, rule: Rule, method: str, account: str, answer: TestResponse) -> None:
        """Note what no answer may be: broken, given to a stranger, telling of another product, bare."""
        status = answer.status_code
        if status >= 500 and not (status == 503 and rule.endpoint == "health.ready"):
            self._surprise(rule, method, account, f"{status}")
        asked_to_sign_in = status in {400, 401} or (status == 303 and answer.location == "/sign-in")
        if not (account or is_open(rule) or rule.endpoint in BY_SECRET or asked_to_sign_in):
            self._surprise(rule, method, account, f"{status} without being signed in")
        said = plain(answer) + str(answer.headers)
        for product, mark in ((one, mark) for one in self.world.marks for mark in self.world.marks[one]):
            if mark in said:
                self.shown.add((product, mark))
                if product not in self.world.sees(account) and rule.endpoint not in BY_SECRET:
                    self._surprise(rule, method, account, f"shows {mark!r} of {product}")
        for fault in header_faults(answer, encrypted=False):
            self._surprise(rule, method, account, fault)

    def _unchanged(self, rule: Rule, method: str, account: str, before: object) -> None:
        after = self.world.state()
        if after != before:
            changed = [name for name, told in after.items() if told != before[name]]  # type: ignore[index]
            self._surprise(rule, method, account, f"changed {', '.join(changed)}")

    def _surprise(self, rule: Rule, method: str, account: str, what: str) -> None:
        self.surprises.append(f"{method} {rule.rule} by {account or 'nobody'}: {what}")


def is_open(rule: Rule) -> bool:
    """Tell whether somebody who is not signed in may ask for it."""
    return rule.endpoint in OPEN


def names_a_thing(rule: Rule) -> bool:
    """Tell whether a request says which thing it is about."""
    return not is_open(rule) and (bool(rule.arguments) or rule.endpoint in NAMING)


def allowed(rule: Rule, account: str) -> bool:
    """Tell whether somebody gets as far as being asked for which thing."""
    if rule.rule.startswith(("/admin", "/queue")):
        return account == ADMIN
    return bool(account) or is_open(rule) or rule.endpoint in BY_SECRET


def plain(answer: TestResponse) -> str:
    """Return what an answer says, without the tokens that differ each time."""
    return _TOKEN.sub(r"\1", answer.data.decode("utf-8", "replace"))


def header_faults(answer: TestResponse, *, encrypted: bool) -> Iterator[str]:
    """Yield what is wrong with the protecting headers of an answer."""
    headers, policy = answer.headers, answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or not _POLICY.search(policy):
        yield f"policy {policy!r}"
    wanted = {"X-Content-Type-Options": {"nosniff"}, "Referrer-Policy": {"no-referrer", "same-origin"}}
    wanted["Cache-Control"] = {"no-store"}
    if answer.request.path.startswith("/static/"):
        wanted["Cache-Control"].add("no-cache")
    wanted["Strict-Transport-Security"] = {"max-age=31536000" if encrypted else ""}
    for name, good in wanted.items():
        if headers.get(name, "") not in good:
            yield f"{name} {headers.get(name, '')!r}"
    for cookie in headers.getlist("Set-Cookie"):
        attributes = set(cookie.split("; "))
        if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= attributes or ("Secure" in attributes) != encrypted:
            yield f"cookie with {sorted(attributes)[1:]}"


def table(matrix: Matrix) -> Iterator[str]:
    """Yield the lines: a row a route, a column a role; own thing first, then that of another product."""
    titles = ["route", *ROLES, "no token", "another's"]
    widths = [max(len(row[place]) for row in [titles, *matrix.rows]) for place in range(len(titles))]
    for row in [titles, *matrix.rows]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def main() -> int:
    """Open a house, ask, print; 1 when something was not as it should be."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "svc.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        database.close()
        with a_house(file) as house:
            matrix = Matrix(World.of(house, reports(house))).fill()
    sys.stdout.writelines(f"{line}\n" for line in (*table(matrix), ""))
    sys.stdout.writelines(f"≠ {one}\n" for one in matrix.surprises)
    return int(bool(matrix.surprises))


if __name__ == "__main__":
    sys.exit(main())
