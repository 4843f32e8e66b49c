"""The example company at a Redmine: everybody acts over REST with a key of their own."""

import json
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from svc_plugin.demo.stage import ADMIN, BOT, api_key, demo_people
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.settings import Settings
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.redmine import RedmineSettings, RedmineSite, blueprint
from svc_plugin.standins.redmine import create_app, serve
from tests.scenarios.worlds import UNMAPPED, RealTime, Watch

_BUILT_IN = {"yes": "1", "no": "0"}


class RedmineWorld:
    """People with keys; ``mapping`` says what their Redmine calls things."""

    def __init__(
        self, url: str, keys: Mapping[str, str], settings: Settings, mapping: SiteMapping, clock: Watch
    ) -> None:
        language, zone = settings.sites["main"].language, settings.registers.calendar.zone
        people = {person.name: person.account for person in settings.registers.people.values()}
        own = RedmineSettings("main", url, keys[BOT], language, zone, mapping, people=people)
        self.clock = clock
        self.site: Site = RedmineSite(own)
        self._url, self._keys, self._mapping = url, keys, mapping
        self._http = requests.Session()
        self._kinds: dict[str, IssueKind] = {}
        self._trackers = self._numbers("/trackers.json", "trackers")
        self._statuses = self._numbers("/issue_statuses.json", "issue_statuses")
        self._fields = self._numbers("/custom_fields.json", "custom_fields")
        self._activities = self._numbers("/enumerations/time_entry_activities.json", "time_entry_activities")
        users = self._ask(ADMIN, "get", "/users.json?limit=100")["users"]
        self._users = {one["login"]: one["id"] for one in users}

    def create(
        self,
        kind: IssueKind,
        product: str,
        title: str,
        *,
        author: str,
        fields: Mapping[Field, str],
        assignee: str,
    ) -> IssueRef:
        issue = {
            "project_id": self._mapping.projects[product],
            "tracker_id": self._trackers[self._mapping.kinds[kind].issue_type],
            "subject": title,
            "custom_fields": self._values(fields),
            **({"assigned_to_id": self._users[assignee]} if assignee else {}),
        }
        made = self._ask(author, "post", "/issues.json", {"issue": issue})["issue"]
        self._accepted(made, "", fields)
        return IssueRef("main", str(made["id"]))

    def act(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None:
        status = self._mapping.status_of(self._kind(ref), stage) if stage else ""
        self._change(ref, account, status, fields or {}, note=note, private=private)

    def strand(self, ref: IssueRef, account: str) -> None:
        self._change(ref, account, UNMAPPED, {})

    def book(self, ref: IssueRef, account: str, hours: float) -> None:
        entry = {
            "issue_id": int(ref.key),
            "hours": hours,
            "spent_on": self.clock().date().isoformat(),
            "activity_id": next(iter(self._activities.values())),
        }
        self._ask(account, "post", "/time_entries.json", {"time_entry": entry})

    def release(self, product: str, name: str, account: str) -> None:
        path = f"/projects/{self._mapping.projects[product]}/versions.json"
        if name not in {one["name"] for one in self._ask(account, "get", path)["versions"]}:
            self._ask(account, "post", path, {"version": {"name": name}})

    def _change(
        self,
        ref: IssueRef,
        account: str,
        status: str,
        fields: Mapping[Field, str],
        *,
        note: str = "",
        private: bool = False,
    ) -> None:
        body: dict[str, object] = {"custom_fields": self._values(fields)} if fields else {}
        if note:
            body |= {"notes": note, "private_notes": private}
        if status:
            body["status_id"] = self._statuses[status]
        self._ask(account, "put", f"/issues/{ref.key}.json", {"issue": body})
        if status or fields:
            self._accepted(self._issue(ref), status, fields)

    def _accepted(self, issue: Mapping[str, Any], status: str, fields: Mapping[Field, str]) -> None:
        """Redmine answers "done" to much that it did not do: a scenario must not be about that."""
        where = f"#{issue['id']}"
        assert status in {"", issue["status"]["name"]}, f"{where}: nobody may move it to {status} so"
        stored = {one["id"]: one.get("value") for one in issue["custom_fields"]}
        for one in self._values(fields):
            found = str(stored.get(one["id"]) or "")
            assert found.replace("\r\n", "\n") == one["value"], f"{where}: {one} became {found!r}"

    def _issue(self, ref: IssueRef) -> Any:
        return self._ask(ADMIN, "get", f"/issues/{ref.key}.json")["issue"]

    def _kind(self, ref: IssueRef) -> IssueKind:
        if ref.key not in self._kinds:
            found = self._mapping.kind_of(self._issue(ref)["tracker"]["name"])
            assert found
            self._kinds[ref.key] = found
        return self._kinds[ref.key]

    def _values(self, fields: Mapping[Field, str]) -> list[dict[str, Any]]:
        return [
            {"id": self._fields[self._mapping.fields[name]], "value": self._stored(name, value)}
            for name, value in fields.items()
        ]

    def _stored(self, name: Field, value: str) -> str:
        if value and FIELD_SPECS[name].type is FieldType.PERSON:
            return str(self._users[value])
        if FIELD_SPECS[name].type is FieldType.YES_NO:
            return _BUILT_IN.get(value, value)
        return self._mapping.to_site(name, value)

    def _ask(self, account: str, method: str, path: str, body: object = None) -> Any:
        headers = {"X-Redmine-API-Key": self._keys[account]}
        answer = self._http.request(method, self._url + path, json=body, headers=headers, timeout=30)
        assert answer.ok, f"{account}: {method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content.strip() else None

    def _numbers(self, path: str, name: str) -> dict[str, int]:
        return {one["name"]: one["id"] for one in self._ask(ADMIN, "get", path)[name]}


@contextmanager
def standin(settings: Settings) -> Iterator[RedmineWorld]:
    """The stand-in, served on a free port, under a clock in the scenario's hand."""
    mapping, clock = settings.sites["main"].mapping, Watch()
    plan = _plan(settings, mapping)
    keys = {str(one["login"]): str(one["api_key"]) for one in plan["users"]}
    with serve(create_app(plan, clock=clock)) as served:
        yield RedmineWorld(served.url, keys, settings, mapping, clock)


def real_redmine(settings: Settings, url: str, admin_key: str, console: str) -> RedmineWorld:
    """A real Redmine, prepared by the product's own script; what is there already stays."""
    known = settings.sites["main"].mapping
    projects = {product: f"svc-scenarios-{product}" for product in known.projects}
    mapping = SiteMapping(known.kinds, known.fields, known.choices, projects)
    plan = _plan(settings, mapping)
    plan["users"] = [one for one in plan["users"] if one["login"] != ADMIN]
    plan["memberships"] = [one for one in plan["memberships"] if one["login"] != ADMIN]
    with TemporaryDirectory() as folder:
        _run_setup(console, plan, Path(folder))
    keys = {account: api_key(account) for account in (BOT, *settings.registers.people)}
    return RedmineWorld(url, {**keys, ADMIN: admin_key}, settings, mapping, RealTime())


def _plan(settings: Settings, mapping: SiteMapping) -> dict[str, Any]:
    site, registers = settings.sites["main"], settings.registers
    products = {key: product.name for key, product in registers.products.items()}
    plan: dict[str, Any] = blueprint(mapping, site.language, products)
    plan |= demo_people(registers, mapping, site.language)
    plan["statuses"].append({"name": UNMAPPED, "is_closed": False})
    for tracker in plan["trackers"]:
        tracker["statuses"].append(UNMAPPED)
    for flow in plan["workflow"]:
        flow["moves"] += _detours(flow)
    return plan


def _detours(flow: Mapping[str, Any]) -> list[list[str]]:
    """Whoever may move an issue at all may move it to the unmapped status and back."""
    left = {old for old, _ in flow["moves"] if old}
    return [move for old in sorted(left) for move in ([old, UNMAPPED], [UNMAPPED, old])]


def _run_setup(console: str, plan: dict[str, Any], folder: Path) -> None:
    script, wanted = folder / "setup.rb", folder / "blueprint.json"
    script.write_text((files("svc_plugin.sites.redmine.console") / "setup.rb").read_text(encoding="utf-8"))
    wanted.write_text(json.dumps(plan))
    folder.chmod(0o755)  # the console runs as another user
    command = [*shlex.split(console), str(script), str(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
