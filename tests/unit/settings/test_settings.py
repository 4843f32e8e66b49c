# ruff: noqa: E501 - one planted fault a line reads as a table
"""What the folder says reaches the settings; faults of all files are told at once, in the company's language."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.policy import Mode
from svc_plugin.settings import load_settings
from tests.builders import NOW
from tests.unit.settings.kit import SENTENCE


def test_the_example_company_is_in_order(company):
    registers = load_settings(company.folder, {}, now=NOW).registers
    assert (len(registers.products), len(registers.customers), len(registers.people)) == (3, 12, 10)
    assert len({customer.city for customer in registers.customers.values()}) == 5


MAIN, POLICY, CALENDAR = "svc-plugin.yaml", "policies/standard.yaml", "registers/calendar.yaml"
MAPPING = "mappings/zh.yaml"
PLANTED = [
    (MAIN, "type: redmine", "type: bugzilla", "sites.main.type = 'bugzilla'", "'redmine'"),
    (MAIN, "workers: 2", "workers: 0", "workers = 0", "greater than 0"),
    (MAIN, "workers: 2", "workers: two", "workers = 'two'", "whole number"),
    (MAIN, "workers: 2", "workers: 2.5", "workers = 2.5", "whole number"),
    (MAIN, "workers: 2", "workers: [2]", "workers = (this entry)", "whole number"),
    (MAIN, "policy: standard", "policy: [standard]", "policy.0 = 'standard'", "key: value"),
    (MAIN, "language: zh", "language: fr", "language = 'fr'", "'zh' or 'en'"),
    (MAIN, "workers: 2", "worker: 2", "worker = 2", "no such key"),
    (MAIN, "country: CN", "country: ZZ", "country = 'ZZ'", "ISO code"),
    (MAIN, "      crm: crm", "      hr: hr", "sites.main.projects.hr = 'hr'", "registers/products.yaml"),
    (MAIN, "      crm: crm", "      crm: mes", "sites.main.projects.crm = 'mes'", "one project serves two"),
    (MAIN, "http://127.0.0.1:8181", "127.0.0.1:8181", "sites.main.url = '127.0.0.1:8181'", "https?://"),
    (MAIN, "pages: true", "pages: perhaps", "pages = 'perhaps'", "true or false"),
    (MAIN, "proxies: []", "proxies: [proxy.local]", "trusted_proxies.0 = 'proxy.local'", "127.0.0.1 or ::1"),
    (POLICY, "  M24: warned", "  M99: off", "rules.M99 = 'off'", "known are M"),
    (POLICY, "rules:\n", "rules: [M50]\nrule:\n", "rules = (this entry)", "key: value"),
    (POLICY, "tester_differs: true", "tester_differs: perhaps", "tester_differs = 'perhaps'", "true or false"),
    (POLICY, "  M24: warned", "  M50: never", "rules.M50 = 'never'", "'enforced'"),
    (POLICY, "complaint: 1h", "complaint: 1 hour", "first_response.complaint = '1 hour'", "30m, 4h or 2d"),
    (POLICY, "complaint: 1h", "complaint: 0h", "first_response.complaint = '0h'", "leave the line out"),
    (POLICY, "complaint: 1h", "praise: 1h", "first_response.praise = '1h'", "no kind of request"),
    (POLICY, "  critical: 1d", "  deadly: 1d", "resolution.deadly = '1d'", "no severity"),
    (POLICY, "hours: 4", "hours: -1", "small_change_hours = -1", "at least 0"),
    (POLICY, "is: complaint", "is: praise", "suggestions.request_kind.0.is = 'praise'", "known are request"),
    (POLICY, "  maintenance_class:", "  severity:", "suggestions.severity", "'request_kind'"),
    (POLICY, "words: [投诉, 不满, 抱怨, 没人管, 无人处理, 拖延, complaint, complain, unacceptable, disappointed]", "words: []", "suggestions.request_kind.0.words = (this entry)", "at least 1"),
    (POLICY, "words: [投诉,", "word: [投诉,", "suggestions.request_kind.0.word", "no such key"),
    (POLICY, "decision: 3d", "decision: soon", "decision = 'soon'", "30m, 4h or 2d"),
    (POLICY, "approval: 3d", "approval: 0d", "approval = '0d'", "leave the line out"),
    (POLICY, "pauses: {}", "pauses: { lunch: [in_progress] }", "pauses.lunch = (this entry)", "no clock"),
    (POLICY, "pauses: {}", "pauses: { thanks: [asleep] }", "pauses.thanks.0 = 'asleep'", "'waiting_customer'"),
    (POLICY, "pauses: {}", "pauses: { thanks: [testing] }", "pauses.thanks.0 = 'testing'", "no stage of this kind"),
    (POLICY, "pauses: {}", "pauses: { resolution: [scheduled] }", "pauses.resolution = (this entry)", "M12"),
    (POLICY, "customer_hours: false", "customer_hours: sometimes", "customer_hours = 'sometimes'", "true or false"),
    (MAIN, "policy: standard", "policy: strict", "policy = 'strict'", "policies/ holds light, standard"),
    (POLICY, "[answer, measure,", "[anwser, measure,", "closing.service_request.0 = 'anwser'", "'answer'"),
    (POLICY, "  converted: [", "  closed: [", "ending.closed = (this entry)", "known are converted, rejected"),
    (POLICY, "_days: 60", "_days: -1", "contract_warning_days = -1", "at least 0"),
    (POLICY, "_days: 60", "_days: soon", "contract_warning_days = 'soon'", "whole number"),
    (POLICY, "watch: 20%", "watch: 0.2", "reclassify_watch = 0.2", "write a share as 20%"),
    (POLICY, "watch: 20%", "watch: 101%", "reclassify_watch = '101%'", "from 0% to 100%"),
    (POLICY, "recording_delay: 1d", "recording_delay: 0d", "recording_delay = '0d'", "leave the line out"),
    (POLICY, "report_within: 5d", "report_within: soon", "report_within = 'soon'", "30m, 4h or 2d"),
    (POLICY, "recording_delay: 1d", "consult_within: 1", "consult_within = 1", "30m, 4h or 2d"),
    (CALENDAR, "Asia/Shanghai", "Asia/Shangai", "zone = 'Asia/Shangai'", "like Asia/Shanghai"),
    (CALENDAR, "[09:00-12:00, 13:30", "[9-12, 13:30", "hours.monday.0 = '9-12'", "09:00-12:00"),
    (CALENDAR, "[09:00-12:00, 13:30", "[09:00-25:00, 13:30", "hours.monday.0 = '09:00-25:00'", "09:00-12:00"),
    (CALENDAR, "[09:00-12:00, 13:30", "[12:00-09:00, 13:30", "hours.monday.0 = '12:00-09:00'", "end after"),
    (CALENDAR, "[09:00-12:00, 13:30", "[09:00-14:00, 13:30", "hours.monday = (this entry)", "overlap"),
    (POLICY, 'visit_cut_off: "15:00"', 'visit_cut_off: "24:00"', "visit_cut_off = '24:00'", "like 15:00"),
    (POLICY, 'visit_cut_off: "15:00"', "visit_cut_off: 15", "visit_cut_off = 15", "like 15:00"),
    (POLICY, "  visit: [arrived_at", "  trip: [arrived_at", "task_closing.trip = ", "known are patch_update, plan_task"),
    (POLICY, "visit: [arrived_at,", "visit: [answer,", "task_closing.visit.0 = 'answer'", "do not have this field"),
    (POLICY, "visit: [arrived_at,", "visit: [arrived,", "task_closing.visit.0 = 'arrived'", "'arrived_at'"),
    (MAPPING, "in_progress: 处理中", "in_progress: 已登记", "statuses.in_progress = '已登记'", "give each its own"),
    (MAPPING, "closed: 已关闭", "testing: 已关闭", "kinds.service_request.statuses.testing", "known are registered"),
    (MAPPING, "service_request:", "service_wish:", "kinds.service_wish", "'service_request'"),
    (MAPPING, "closed: 已关闭", "finished: 已关闭", "kinds.service_request.statuses.finished", "'closed'"),
    (MAPPING, "approved: 同意", "agreed: 同意", "choices.decision.agreed = '同意'", "known are approved"),
]  # fmt: skip


@pytest.mark.clause("M01")
@pytest.mark.parametrize(("name", "old", "new", "told", "remedy"), PLANTED)
def test_a_planted_fault_is_named_with_line_place_value_and_remedy(company, name, old, new, told, remedy):
    company.speak("en")
    line = company.edit(name, old, new)
    sentences = company.faults()
    assert any(
        sentence.startswith(f"{name}:{line}: ") and told in sentence and remedy in sentence
        for sentence in sentences
    ), sentences


def test_the_same_faults_are_told_in_chinese_when_the_company_speaks_it(company):
    company.edit(MAIN, "workers: 2", "workers: 0")
    company.edit(POLICY, "  M24: warned", "  M99: off")
    company.edit(CALENDAR, "Asia/Shanghai", "Mars")
    remedies = [match["remedy"] for s in company.faults() if (match := SENTENCE.fullmatch(s))]
    assert len(remedies) == 3
    assert all(re.search("[一-鿿]", remedy) for remedy in remedies), remedies


def test_a_missing_file_and_one_that_is_no_yaml_are_named(company):
    company.speak("en")
    company.edit("svc-plugin.yaml", "mapping: zh", "mapping: jira")
    line = company.edit("registers/people.yaml", "  roles: [leader, approver]", "  roles: [leader, approver")
    told = "\n".join(company.faults())
    assert "mappings/jira.yaml: the file is missing; `svc-plugin init` writes an example" in told
    assert f"registers/people.yaml:{line + 1}: not readable as YAML" in told


def test_all_faults_of_all_files_are_told_at_once(company):
    company.edit("svc-plugin.yaml", "workers: 2", "workers: zwei")
    company.edit("policies/standard.yaml", "complaint: 1h", "complaint: bald")
    company.edit("registers/calendar.yaml", "Asia/Shanghai", "Mars")
    (company.folder / "registers" / "people.yaml").unlink()
    found = company.faults()
    for name in (MAIN, POLICY, CALENDAR, "registers/people.yaml"):
        assert any(fault.startswith(name) for fault in found), name


def test_a_day_that_is_both_closed_and_open_is_refused(company):
    company.speak("en")
    company.edit(CALENDAR, "closed: []", "closed: [2026-12-25]")
    company.edit(CALENDAR, "open: []", "open: [2026-12-25]")
    assert any("2026-12-25 stands under closed and under open" in fault for fault in company.faults())


def test_secrets_come_from_the_environment_before_the_file_and_are_never_shown(company):
    (company.folder / "secrets.env").write_text(
        "SVC_SITE_MAIN_API_KEY=from-file\nSVC_SITE_MAIN_HOOK_SECRETS=new,old\n# SVC_SECRET_KEY=no\n"
    )
    settings = load_settings(company.folder, {"SVC_SITE_MAIN_API_KEY": "from-environment"}, now=NOW)
    site = settings.sites["main"]
    assert (site.api_key, site.hook_secrets, settings.secret_key) == ("from-environment", ("new", "old"), "")
    assert "from-environment" not in repr(settings)
    assert "'old'" not in repr(settings)


def test_a_relative_sqlite_path_is_meant_from_the_configuration_folder(company):
    database = load_settings(company.folder, {}, now=NOW).database
    assert database == f"sqlite:///{company.folder}/var/svc-plugin.db"


def test_a_company_may_open_a_holiday_and_close_a_make_up_day(company):
    company.edit(CALENDAR, "closed: []", "closed: [2026-10-10]")
    company.edit(CALENDAR, "open: []", "open: [2026-10-07]")
    calendar = load_settings(company.folder, {}, now=NOW).registers.calendar
    assert calendar.intervals(date(2026, 10, 10)) == ()
    assert len(calendar.intervals(date(2026, 10, 7))) == 2


def test_the_light_policy_only_warns(company):
    company.edit("svc-plugin.yaml", "policy: standard", "policy: light")
    assert load_settings(company.folder, {}, now=NOW).policy.mode("M40") is Mode.WARNED


def test_a_day_is_today_as_soon_as_it_has_begun_where_the_company_is(company):
    company.edit("registers/people.yaml", "2024-02-20", "2026-11-23")
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # in Shanghai
    assert load_settings(company.folder, {}, now=midnight).registers.people
    with pytest.raises(ConfigError, match="2026-11-22"):
        load_settings(company.folder, {}, now=midnight - timedelta(seconds=1))
