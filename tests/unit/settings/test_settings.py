"""Configuration faults: all of them at once, each with file, line, place, value and remedy."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.policy import Mode
from svc_plugin.settings import load_settings
from tests.builders import CONFIG, TODAY


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, {}, today=TODAY)
    return caught.value.faults


def test_the_example_company_is_in_order(folder):
    settings = load_settings(folder, {}, today=TODAY)
    assert len(settings.registers.products) == 3
    assert len(settings.registers.customers) == 12
    assert len(settings.registers.people) == 10
    assert len({customer.city for customer in settings.registers.customers.values()}) == 5


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "svc-plugin.yaml",
            "type: redmine",
            "type: bugzilla",
            ["svc-plugin.yaml:25", "sites.main.type", "'bugzilla'"],
        ),
        ("svc-plugin.yaml", "workers: 2", "workers: 0", ["workers = 0"]),
        ("svc-plugin.yaml", "workers: 2", "worker: 2", ["worker = 2", "Extra"]),
        ("svc-plugin.yaml", "country: CN", "country: ZZ", ["country = 'ZZ'", "ISO"]),
        ("svc-plugin.yaml", "policy: standard", "policy: strict", ["policies/strict.yaml", "missing"]),
        ("svc-plugin.yaml", "      crm: crm", "      hr: hr", ["projects.hr", "products.yaml"]),
        ("svc-plugin.yaml", "      crm: crm", "      crm: mes", ["one project serves two products"]),
        ("svc-plugin.yaml", "http://127.0.0.1:8181", "127.0.0.1:8181", ["sites.main.url"]),
        ("policies/standard.yaml", "rules: {}", "rules: { M99: off }", ["rules.M99 is no rule", "M50"]),
        (
            "policies/standard.yaml",
            "rules: {}",
            "rules: { M50: never }",
            ["policies/standard.yaml:3", "'never'"],
        ),
        (
            "policies/standard.yaml",
            "complaint: 1h",
            "complaint: 1 hour",
            ["first_response.complaint", "'1 hour'", "30m, 4h or 2d"],
        ),
        (
            "policies/standard.yaml",
            "complaint: 1h",
            "praise: 1h",
            ["first_response.praise is no kind of request"],
        ),
        (
            "policies/standard.yaml",
            "small_change_hours: 4",
            "small_change_hours: -1",
            ["small_change_hours = -1"],
        ),
        (
            "policies/standard.yaml",
            "[answer, measure,",
            "[anwser, measure,",
            ["closing.service_request.0", "'anwser'"],
        ),
        ("registers/calendar.yaml", "Asia/Shanghai", "Asia/Shangai", ["zone = 'Asia/Shangai'"]),
        ("registers/calendar.yaml", "09:00-12:00, 13:30", "9-12, 13:30", ["'9-12'", "09:00-12:00"]),
        ("registers/calendar.yaml", "09:00-12:00, 13:30", "12:00-09:00, 13:30", ["end after they begin"]),
        (
            "registers/people.yaml",
            "roles: [leader, approver]",
            "roles: [boss]",
            ["registers/people.yaml:3", "'boss'"],
        ),
        (
            "registers/people.yaml",
            "city: 北京, roles: [service] }",
            "roles: [service] }",
            ["city", "required"],
        ),
        (
            "registers/products.yaml",
            "leader: zhang.wei",
            "leader: nobody",
            ["erp: leader 'nobody'", "people.yaml"],
        ),
        (
            "registers/products.yaml",
            "leader: zhang.wei",
            "leader: wang.fang",
            ["does not hold the role 'leader'"],
        ),
        (
            "registers/products.yaml",
            "service_staff: [wang.fang, wu.xia]",
            "service_staff: []",
            ["service_staff"],
        ),
        ("registers/customers.yaml", "product: erp", "product: abc", ["hengtong", "'abc'"]),
        (
            "registers/customers.yaml",
            "2025-03-18",
            "18.03.2025",
            ["deliveries.0.delivered_on", "'18.03.2025'"],
        ),
        (
            "mappings/zh.yaml",
            "in_progress: 处理中",
            "in_progress: 已登记",
            ["'已登记' stands for several stages"],
        ),
        ("mappings/zh.yaml", "closed: 已关闭", "finished: 已关闭", ["'finished'"]),
        ("mappings/zh.yaml", "approved: 同意", "agreed: 同意", ["choices.decision.agreed is no choice"]),
        (
            "registers/people.yaml",
            "- { account: zhang.wei",
            "- [ account: zhang.wei",
            ["not readable as YAML"],
        ),
    ],
)
def test_a_planted_fault_is_named_with_place_and_value(folder, name, old, new, told):
    edit(folder, name, old, new)
    sentences = "\n".join(faults(folder))
    assert all(word in sentences for word in told), sentences


def test_all_faults_of_all_files_are_told_at_once(folder):
    edit(folder, "svc-plugin.yaml", "workers: 2", "workers: zwei")
    edit(folder, "policies/standard.yaml", "complaint: 1h", "complaint: bald")
    edit(folder, "registers/calendar.yaml", "Asia/Shanghai", "Mars")
    (folder / "registers" / "people.yaml").unlink()
    found = faults(folder)
    for name in (
        "svc-plugin.yaml",
        "policies/standard.yaml",
        "registers/calendar.yaml",
        "registers/people.yaml",
    ):
        assert any(fault.startswith(name) for fault in found), name


def test_secrets_come_from_the_environment_before_the_file_and_are_never_shown(folder):
    (folder / "secrets.env").write_text(
        "SVC_SITE_MAIN_API_KEY=from-file\nSVC_SITE_MAIN_HOOK_SECRETS=new,old\n# SVC_SECRET_KEY=no\n"
    )
    settings = load_settings(folder, {"SVC_SITE_MAIN_API_KEY": "from-environment"}, today=TODAY)
    site = settings.sites["main"]
    assert (site.api_key, site.hook_secrets, settings.secret_key) == ("from-environment", ("new", "old"), "")
    assert "from-environment" not in repr(settings)
    assert "'old'" not in repr(settings)


def test_a_relative_sqlite_path_is_meant_from_the_configuration_folder(folder):
    assert load_settings(folder, {}, today=TODAY).database == f"sqlite:///{folder}/var/svc-plugin.db"


def test_a_company_may_open_a_holiday_and_close_a_make_up_day(folder):
    edit(folder, "registers/calendar.yaml", "closed: []", "closed: [2026-10-10]")
    edit(folder, "registers/calendar.yaml", "open: []", "open: [2026-10-07]")
    calendar = load_settings(folder, {}, today=TODAY).registers.calendar
    assert calendar.intervals(date(2026, 10, 10)) == ()
    assert len(calendar.intervals(date(2026, 10, 7))) == 2


def test_the_light_policy_only_warns(folder):
    edit(folder, "svc-plugin.yaml", "policy: standard", "policy: light")
    assert load_settings(folder, {}, today=TODAY).policy.mode("M40") is Mode.WARNED
