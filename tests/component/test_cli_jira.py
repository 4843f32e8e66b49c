"""The command line on a stand-in for Jira, in both editions: set up, check, clocks beside the site's own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.settings import Settings, load_settings
from svc_plugin.standins.jira import Mode, Person, create_app, plan_of, serve, site_of
from svc_plugin.standins.jira.faults import Fault
from svc_plugin.standins.jira.plan import JiraPlan
from svc_plugin.standins.jira.site import Site
from tests.builders import NOW
from tests.contract.jira_spec import watched

BOT, ADMIN, STAFF = "svc-bot", "admin", "wang.fang"
SITE = """sites:
  main:
    type: jira
    edition: {edition}
    url: {url}
    language: zh
    mapping: jira-zh
    link_type: Serves
    projects: {{ erp: ERP }}
    accounts: {accounts}
"""


def person(name: str) -> Person:
    return Person(name, name, f"{name}@example.com", f"token-of-{name}", admin=name == ADMIN)


@dataclass
class House:
    """A company on a Jira that holds issue types and workflows, and its command line."""

    config: Path
    mode: Mode
    url: str
    standin: Site

    def run(self, *arguments: str, key: str = person(ADMIN).token) -> Result:
        env = {"SVC_SITE_MAIN_ADMIN_KEY": key}
        if self.mode == "cloud":
            env["SVC_SITE_MAIN_ADMIN_EMAIL"] = person(ADMIN).email
        options = ["--config", str(self.config), *arguments]
        return CliRunner().invoke(main, options, env=env, catch_exceptions=False)

    def setup(self, *arguments: str, **more: str) -> Result:
        named = () if self.mode == "cloud" else ("--screen", "Default Screen")
        return self.run("setup", "jira", *named, *arguments, **more)

    def create(self, kind: str) -> str:
        who = person(STAFF)
        auth = (who.email, who.token) if self.mode == "cloud" else None
        headers = {} if auth else {"Authorization": f"Bearer {who.token}"}
        fields = {"project": {"key": "ERP"}, "issuetype": {"name": kind}, "summary": "开票失败"}
        place = f"{self.url}/rest/api/2/issue"
        answer = requests.post(place, json={"fields": fields}, auth=auth, headers=headers, timeout=30)
        return str(answer.json()["id"])


@pytest.fixture(params=["cloud", "dc"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    config, mode = tmp_path / "config", request.param
    write_config(config, api_key=person(BOT).token)
    known = load_settings(config, {}, now=NOW)
    edition = "cloud" if mode == "cloud" else "data_center"
    _configure(config, SITE.format(edition=edition, url="http://127.0.0.1:9", accounts="{}"))
    if mode == "cloud":
        with (config / "secrets.env").open("a") as secrets:
            secrets.write(f"SVC_SITE_MAIN_EMAIL={person(BOT).email}\n")
    people = [person(name) for name in (BOT, ADMIN, *known.registers.people)]
    app = create_app(_bare(load_settings(config, {}, now=NOW), people), mode, clock=lambda: datetime.now(UTC))
    site_of(app).hooks.faults.drop = 10**6  # nobody is at the address of the webhook
    spec = watched(app, refused_too=False) if mode == "cloud" else None
    with serve(app) as served:
        accounts = {one.name: one.account_id for one in people[2:]} if mode == "cloud" else {}
        _configure(config, SITE.format(edition=edition, url=served.url, accounts=json.dumps(accounts)))
        yield House(config, mode, served.url, site_of(app))
    assert spec is None or spec.violations == []


def _configure(config: Path, site: str) -> None:
    """Name the Jira, and only a few fields: what is shown here does not need them all."""
    main_file = config / "svc-plugin.yaml"
    text = main_file.read_text().partition("\nsites:\n")[0]
    main_file.write_text(f"{text.replace('http://127.0.0.1:8180', 'https://svc.example.com')}\n{site}")
    mapping = config / "mappings" / "jira-zh.yaml"
    head, _, rest = mapping.read_text().partition("\nfields:\n")
    kept = [line for line in rest.splitlines() if line.split(":")[0].strip() in {"channel", "origin"}]
    choices = [line for line in kept if "{" in line]
    fields = [line for line in kept if "{" not in line]
    mapping.write_text("\n".join([head, "fields:", *fields, "choices:", *choices, ""]))


def _bare(settings: Settings, people: list[Person]) -> JiraPlan:
    made = plan_of(settings.sites["main"].mapping, people, leads={BOT})  # it makes versions
    types = (
        replace(one, transitions=tuple(replace(move, screen=None) for move in one.transitions))
        for one in made.issue_types
    )
    return replace(made, fields=(), issue_types=tuple(types))


def test_setup_shows_its_plan_and_does_nothing_until_told(house: House) -> None:
    for arguments in ((), ("--dry-run",), ("--dry-run", "--yes")):
        told = house.setup(*arguments)
        assert told.exit_code == 0
        assert "+ 新建字段“渠道”（单选列表）" in told.stdout
        assert "+ 登记发往 https://svc.example.com/hooks/main 的网络钩子" in told.stdout
        assert "须由人点击完成：" in told.stdout
        assert "未执行" in told.stdout
    assert not house.standin.catalogue.hooks
    assert not any(one.custom for one in house.standin.catalogue.fields.values())


def test_setup_makes_what_it_said_and_then_finds_nothing_to_do(house: House) -> None:
    done = house.setup("--yes")
    assert done.exit_code == 0, done.stdout
    assert "失败 0" in done.stdout
    (hook,) = house.standin.catalogue.hooks.values()
    assert hook.secret in (house.config / "secrets.env").read_text()
    again = house.setup("--yes")
    assert "站点 main：没有要做的步骤" in again.stdout
    assert again.exit_code == 0
    assert not any(secret in done.output + again.output for secret in (hook.secret, person(ADMIN).token))
    assert json.loads(house.setup("--json").stdout)["steps"] == []


def test_a_step_that_is_refused_does_not_keep_the_others_from_being_taken(house: House) -> None:
    house.standin.faults.plan(fault("/issueLinkType", "POST"))
    done = json.loads(house.setup("--yes", "--json").stdout)
    assert [one for one in done["refused"] if "Serves" in one]
    assert len(done["done"]) == len(done["steps"]) - 1
    assert house.setup("--yes").exit_code == 0
    assert "没有要做的步骤" in house.setup().stdout


def fault(path: str, method: str) -> Fault:

    return Fault(path=path, method=method, status=400, body='{"errorMessages": ["no"]}')


def test_setup_refuses_our_own_account_and_a_wrong_token(house: House) -> None:
    if house.mode == "dc":  # on Cloud token and e-mail address belong together
        own = house.setup(key=person(BOT).token)
        assert own.exit_code == 1
        assert "不属于 Jira 管理员" in own.stderr
    wrong = house.setup(key="wrong")
    assert wrong.exit_code == 1
    assert "wrong" not in wrong.output
    assert house.run("setup", "jira", "--site", "other").exit_code == 2


def test_check_tells_what_is_in_order_and_what_it_could_not_see(house: House) -> None:
    house.setup("--yes")
    field = house.standin.catalogue.fields[house.standin.catalogue.field_id("渠道")]
    known = load_settings(house.config, {}, now=NOW).sites["main"].mapping
    if house.mode == "dc":
        for option in known.choices[next(one for one in known.choices)].values():
            house.standin.catalogue.add_option(field, field.contexts[0], option)
    for kind in IssueKind:
        house.create(known.kinds[kind].issue_type)
    told = house.run("check")
    assert told.exit_code == 0, told.stdout
    first = known.kinds[IssueKind.SERVICE_REQUEST].statuses[Stage.REGISTERED]
    for line in (
        f"可以访问：{house.url}",
        "我们的账号：svc-bot",
        "时钟相差 ",
        "已找到的字段：2",
        "链接类型：Serves",
        "项目“ERP”的权限：12 / 12",
        "“服务请求”：状态 6 / 6",
        f"“服务请求”可从这些状态移到其他各状态（看了 ERP-1）：{first}",
        "网络钩子：只有管理员能看到，未检查",
        "站点 main：0",
    ):
        assert line in told.stdout
    data = json.loads(house.run("check", "--json").stdout)
    assert data["sites"] == {"main": []}
    assert len(data["notes"]["main"]) > 10


def test_clock_shows_the_site_s_own_clocks_beside_ours(house: House) -> None:
    house.setup("--yes")
    number = house.create("服务请求")
    assert json.loads(house.run("clock", f"main/{number}", "--json").stdout)[0]["native"] is None
    issue = house.standin.state.issues[int(number)]
    project = house.standin.project_of(issue)
    house.standin.catalogue.projects[project.id] = replace(
        project, plan=replace(project.plan, service_desk=True)
    )
    hours = {"millis": 3_600_000, "friendly": "1h"}
    cycle = {"breached": True, "paused": False, "goalDuration": hours, "elapsedTime": hours}
    issue.slas.append({"id": "1", "name": "首次响应", "completedCycles": [], "ongoingCycle": cycle})
    issue.approvals.append({"id": "1", "name": "客户批准", "finalDecision": "pending", "approvers": []})
    told = house.run("clock", f"main/{number}").stdout
    assert "站点自己的审批与 SLA" in told
    assert "SLA“首次响应”" in told
    assert "审批“客户批准”：待定" in told
    own = json.loads(house.run("clock", f"main/{number}", "--json").stdout)[0]["native"]
    assert own["approvals"] == [{"name": "客户批准", "decision": "pending", "approvers": {}}]
    assert own["clocks"][0]["target_seconds"] == 3600
