# ruff: noqa: E501 - one planted fault a line reads as a table
"""Every fault planted in the registers is told with file, line, place, value and what to do."""

import re

import pytest

from svc_plugin.messages import load
from tests.unit.settings.kit import SENTENCE
from tests.unit.settings.small import (
    CALENDAR,
    COSTS,
    CUSTOMERS,
    FILES,
    PEOPLE,
    PRODUCTS,
    RATES,
    broken,
    read,
)

TWICE = """- { account: liu.yang, appointed_by: zhang.wei, appointed_on: 2024-03-02 }
    - { account: liu.yang,"""
# file, what stands there, what is planted, line after that of the change, place and value, remedy
PLANTED = [
    (PEOPLE, "account: wang.fang", "account: zhang.wei", 0, "zhang.wei.account = 'zhang.wei'", "twice"),
    (PEOPLE, "name: 王芳", "name: 张伟", 0, "wang.fang.name = '张伟'", "change or delete"),
    (PEOPLE, "  name: 王芳\n", "", -1, "wang.fang.name = (this entry)", "add it"),
    (PEOPLE, "  city: 北京\n", "", -2, "zhang.wei.city = (this entry)", "add it"),
    (PEOPLE, "city: 上海", "city: ''", 0, "liu.yang.city = ''", "fill it in"),
    (PEOPLE, "roles: [service]", "roles: [servant]", 0, "wang.fang.roles.0 = 'servant'", "'technician'"),
    (PEOPLE, "roles: [service]", "roles: service", 0, "wang.fang.roles = 'service'", "write a list"),
    (PEOPLE, "roles: [leader]", "role: [leader]", 0, "zhang.wei.role = (this entry)", "correct its spelling"),
    (PEOPLE, "kind: product,", "kind: sales,", 0, "wang.fang.trainings.0.kind = 'sales'", "'customer_handling'"),
    (PEOPLE, "product: erp", "product: abc", 0, "wang.fang.trainings.0.product = 'abc'", "write one of erp, crm"),
    (PEOPLE, "product: erp, ", "", 0, "wang.fang.trainings.0 = (this entry)", "add product"),
    (PEOPLE, "2024-02-20", "2026-11-23", 0, "trainings.0.trained_on = 2026-11-23", "after today (2026-11-22)"),
    (PEOPLE, "2024-02-27", "27.2.2024", 0, "trainings.1.trained_on = '27.2.2024'", "a date like 2026-11-22"),
    (PEOPLE, "2024-02-20", "2024-02-30", 0, "trainings.0.trained_on = '2024-02-30'", "a date like 2026-11-22"),
    (PEOPLE, "2024-02-20", "2024-02-20 10:00:00", 0, "trained_on = 2024-02-20T10:00:00", "a date like 2026-11-22"),
    (PEOPLE, "2024-02-20", "", 0, "trainings.0.trained_on = ''", "a date like 2026-11-22"),
    (PEOPLE, "account: wang.fang", "account: ''", 0, "account = ''", "fill it in"),
    (PEOPLE, "name: 王芳", "name: [王芳]", 0, "wang.fang.name = (this entry)", "this must be text"),
    (PEOPLE, FILES[PEOPLE].partition("- account: wang")[0], "- zhang.wei\n", 0, "0 = 'zhang.wei'", "key: value"),
    (PEOPLE, FILES[PEOPLE], "nobody\n", 0, "", "write a list"),
    (PEOPLE, FILES[PEOPLE], "", 0, "", "write a list"),
    (PRODUCTS, "key: crm", "key: erp", 0, "erp.key = 'erp'", "twice"),
    (PRODUCTS, "key: crm", "key: c r m", 0, "c r m.key = 'c r m'", "fits"),
    (PRODUCTS, "name: 远航客户关系系统", "name: 远航企业管理系统", 0, "crm.name = '远航企业管理系统'", "twice"),
    (PRODUCTS, "kind: contract", "kind: rented", 0, "erp.kind = 'rented'", "'self_developed'"),
    (PRODUCTS, "kind: self_developed", "kind: contract", 0, "crm.kind = 'contract'", "add contracts in"),
    (PRODUCTS, "leader: zhang.wei", "leader: nobody", 0, "erp.leader = 'nobody'", "add the person"),
    (PRODUCTS, "leader: zhang.wei", "leader: wang.fang", 0, "erp.leader = 'wang.fang'", "the role 'leader'"),
    (PRODUCTS, "{ account: wang.fang", "{ account: nobody", 0, "service_staff.0.account = 'nobody'", "correct"),
    (PRODUCTS, "{ account: wang.fang", "{ account: liu.yang", 0, "service_staff.0.account = 'liu.yang'", "'service'"),
    (PRODUCTS, "{ account: liu.yang", "{ account: wang.fang", 0, "staff.0.account = 'wang.fang'", "'maintenance'"),
    (PRODUCTS, "by: zhang.wei", "by: nobody", 0, "erp.service_staff.0.appointed_by = 'nobody'", "add the person"),
    (PRODUCTS, "by: zhang.wei", "by: liu.yang", 0, "service_staff.0.appointed_by = 'liu.yang'", "the role 'leader'"),
    (PRODUCTS, "2024-03-01", "2027-03-01", 0, "service_staff.0.appointed_on = 2027-03-01", "after today"),
    (PRODUCTS, ", appointed_by: zhang.wei", "", 0, "service_staff.0.appointed_by = (this entry)", "add it"),
    (PRODUCTS, "    - { account: wang.fang, appointed_by: zhang.wei, appointed_on: 2024-03-01 }\n", "    []\n", -1,
     "erp.service_staff = (this entry)", "name at least 1"),
    (PRODUCTS, "- { account: wang.fang, appointed_by: zhang.wei, appointed_on: 2024-03-01 }", "- wang.fang", 0,
     "erp.service_staff.0 = 'wang.fang'", "key: value"),
    (PRODUCTS, "maintenance_staff:\n    - { account: liu.yang, appointed_by: zhang.wei, appointed_on: 2024-03-02 }",
     "maintenance_staff: []", 0, "erp.maintenance_staff = (this entry)", "name at least 1"),
    (PRODUCTS, "- { account: liu.yang,", TWICE, 1, "erp.maintenance_staff.1.account = 'liu.yang'", "twice"),
    (PRODUCTS, '["5.1", "5.2"]', '["5.1", "5.2", "5.1"]', 0, "erp.versions.2 = '5.1'", "twice"),
    (PRODUCTS, '["2.4"]', "[2.4]", 0, "crm.versions.0 = 2.4", "in quotes"),
    (PRODUCTS, "2024-03-08", "2026-12-01", 0, "erp.handover.released_on = 2026-12-01", "after today"),
    (PRODUCTS, "team: [孙立军]", "team: []", 0, "erp.handover.team = (this entry)", "name at least 1"),
    (PRODUCTS, "done: true", "done: perhaps", 0, "erp.handover.checklist.0.done = 'perhaps'", "true or false"),
    (PRODUCTS, "done: true", "done: [true]", 0, "erp.handover.checklist.0.done = (this entry)", "true or false"),
    (PRODUCTS, "[{ text: 源代码已入库, done: true }]", "完成", 0, "erp.handover.checklist = '完成'", "write a list"),
    (PRODUCTS, "  repository: https://git.example/erp\n", "", -13, "erp.repository = (this entry)", "add it"),
    (PRODUCTS, 'version: "5.1", title', 'version: "5.0", title', 0, "erp.documents.0.version = '5.0'", "5.1, 5.2"),
    (PRODUCTS, 'version: "5.1", title', 'version: "5.2", title', 1, "erp.documents.1.title = '手册'", "twice"),
    (PRODUCTS, "{ phone:", "{ telex:", 0, "erp.channels.telex = '010-5550 1801'", "write one of system, phone"),
    (PRODUCTS, "erp@example.com", "erp at example.com", 0, "channels.email = 'erp at example.com'", "one e-mail"),
    (PRODUCTS, "010-5550 1801", "ask Wang", 0, "erp.channels.phone = 'ask Wang'", "at least 5 digits"),
    (PRODUCTS, "{ system: https://service.example/crm }", "{}", 0, "crm.channels = (this entry)", "name at least 1"),
    (PRODUCTS, "capacity_hours: 240", "capacity_hours: -1", 0, "erp.capacity_hours = -1", "at least 0"),
    (PRODUCTS, "capacity_hours: 240", "capacity_hours: much", 0, "erp.capacity_hours = 'much'", "a number like"),
    (PRODUCTS, "capacity_hours: 240", "capacity_hours: .inf", 0, "erp.capacity_hours = inf", "a number like"),
    (PRODUCTS, "capacity_hours: 240", "capacity_hours: [240]", 0, "capacity_hours = (this entry)", "a number like"),
    (PRODUCTS, "labour: 680000", "labour: -5", 0, "erp.budget.maintenance.labour = -5", "at least 0"),
    (PRODUCTS, "labour: 680000", "人工: 5", 0, "erp.budget.maintenance.人工 = 5", "'labour', 'travel'"),
    (PRODUCTS, "every: quarter", "every: week", 0, "erp.survey.every = 'week'", "'half_year'"),
    (PRODUCTS, "every: quarter, ", "", 0, "erp.survey.every = (this entry)", "add it"),
    (PRODUCTS, "sample: 30%", "sample: 0%", 0, "erp.survey.sample = '0%'", "like 30%"),
    (PRODUCTS, "sample: 30%", "sample: 101%", 0, "erp.survey.sample = '101%'", "at most 100%"),
    (PRODUCTS, "sample: 30%", "sample: 0", 0, "erp.survey.sample = 0", "from 1 on"),
    (PRODUCTS, "sample: 30%", "sample: 2.5", 0, "erp.survey.sample = 2.5", "from 1 on"),
    (PRODUCTS, "sample: 30%", "sample: all", 0, "erp.survey.sample = 'all'", "like 30%"),
    (PRODUCTS, "due_day: 20", "due_day: 29", 0, "erp.survey.due_day = 29", "at most 28"),
    (PRODUCTS, "due_day: 20", "due_day: 0", 0, "erp.survey.due_day = 0", "at least 1"),
    (PRODUCTS, "due_day: 20", "due: 20", 0, "erp.survey.due = 20", "no such key"),
    (PRODUCTS, "retired_on: 2026-06-30", "retired_on: 2023-05-20", 0, "crm.retired_on = 2023-05-20", "first delivered"),
    (PRODUCTS, "retired_on: 2026-06-30", "retired_on: 2022-01-31", 0, "crm.retired_on = 2022-01-31", "team was released"),
    (RATES, "liu.yang: 300", "nobody: 300", 0, "people.nobody = 300", "add the person"),
    (RATES, "liu.yang: 300", "liu.yang: -1", 0, "people.liu.yang = -1", "at least 0"),
    (RATES, "service: 180.5", "servant: 1", 0, "roles.servant = 1", "'technician'"),
    (COSTS, "product: erp", "product: abc", 0, "0.product = 'abc'", "write one of erp, crm"),
    (COSTS, "track: service", "track: sales", 0, "0.track = 'sales'", "'maintenance'"),
    (COSTS, "month: 2026-11", "month: 2026-10", 0, "1.line = 'travel'", "twice"),
    (COSTS, "month: 2026-11", "month: 2026-12", 0, "1.month = '2026-12'", "after today"),
    (COSTS, "month: 2026-11", "month: 2026-13", 0, "1.month = '2026-13'", "fits"),
    (COSTS, "line: travel", "line: labour", 0, "0.line = 'labour'", "rates.yaml"),
    (COSTS, "line: travel", "line: 差旅", 0, "0.line = '差旅'", "'travel'"),
    (COSTS, "amount: 860", "amount: much", 0, "0.amount = 'much'", "a number like"),
    (CUSTOMERS, "key: ruifeng", "key: hengtong", 0, "hengtong.key = 'hengtong'", "twice"),
    (CUSTOMERS, "name: 瑞丰食品股份有限公司", "name: 恒通机械有限公司", 0, "ruifeng.name = '恒通机械有限公司'", "twice"),
    (CUSTOMERS, "  city: 上海\n", "", -2, "ruifeng.city = (this entry)", "add it"),
    (CUSTOMERS, "zone: Asia/Shanghai", "zone: Asia/Bejing", 0, "hengtong.time_zone = 'Asia/Bejing'", "like Asia/Shanghai"),
    (CUSTOMERS, "lijg@hengtong.example", "lijg.hengtong", 0, "hengtong.contacts.0.email = 'lijg.hengtong'", "e-mail address"),
    (CUSTOMERS, "许晓燕, phone: 010-5550 3312", "许晓燕", 0, "hengtong.contacts.1.name = '许晓燕'", "neither phone nor"),
    (CUSTOMERS, "name: 许晓燕", "name: 李建国", 0, "hengtong.contacts.1.name = '李建国'", "twice"),
    (CUSTOMERS, "{ product: crm", "{ product: hr", 0, "hengtong.deliveries.2.product = 'hr'", "write one of erp, crm"),
    (CUSTOMERS, 'version: "2.4"', 'version: "2.5"', 0, "deliveries.2.version = '2.5'", "write one it has: 2.4"),
    (CUSTOMERS, "2023-05-20", "2026-06-30", 0, "deliveries.2.delivered_on = 2026-06-30", "retired then (2026-06-30)"),
    (CUSTOMERS, "2025-03-18", "2024-03-18", 0, "deliveries.1.delivered_on = 2024-03-18", "twice"),
    (CUSTOMERS, "number: C-3, product: erp", "number: C-3, product: hr", 0, "contracts.0.product = 'hr'", "add it or"),
    (CUSTOMERS, "number: C-3, product: erp", "number: C-3, product: crm, x: 1", 0, "contracts.0.x = 1", "no such key"),
    (CUSTOMERS, "2025-12-31", "2024-12-31", 0, "ruifeng.contracts.0.ends_on = 2024-12-31", "before the contract starts"),
    (CUSTOMERS, "starts_on: 2026-03-18", "starts_on: 2026-03-17", 0, "contracts.1.starts_on = 2026-03-17", "C-1 (until"),
    (CUSTOMERS, "starts_on: 2024-03-18, ends_on: 2026-03-17", "starts_on: 2028-03-17, ends_on: 2029-03-16", 1,
     "contracts.1.starts_on = 2026-03-18", "C-1 (until 2029-03-16)"),
    (CUSTOMERS, "number: C-3", "number: C-1", 0, "ruifeng.contracts.0.number = 'C-1'", "customer hengtong has"),
    (CUSTOMERS, "fee: 900", "fee: much", 0, "ruifeng.contracts.0.fee = 'much'", "a number like"),
    (CUSTOMERS, "fee: 900", "fee: [900]", 0, "ruifeng.contracts.0.fee = (this entry)", "a number like"),
    (CUSTOMERS, "fee: 900", "fee: .nan", 0, "ruifeng.contracts.0.fee = nan", "a number like"),
    (CUSTOMERS, "fee: 900", "fee: -900", 0, "ruifeng.contracts.0.fee = -900", "at least 0"),
    (CALENDAR, "zone: Asia/Shanghai", "zone: Mars", 0, "zone = 'Mars'", "like Asia/Shanghai"),
    (CALENDAR, "zone: Asia/Shanghai", "zone: 8", 0, "zone = 8", "this must be text"),
    (CALENDAR, "closed: []", "closed: 2026-12-25", 0, "closed = 2026-12-25", "write a list"),
    (CALENDAR, "closed: []", "closed: [soon]", 0, "closed.0 = 'soon'", "a date like 2026-11-22"),
    (CALENDAR, "{ monday: [", "{ funday: [", 0, "hours.funday = (this entry)", "no such key"),
    (CALENDAR, "{ monday: [09:00-12:00, 13:00-18:00] }", "always", 0, "hours = 'always'", "key: value"),
    (CALENDAR, "{ monday: [09:00-12:00, 13:00-18:00] }", "{}", 0, "hours = (this entry)", "give at least one"),
    (CALENDAR, "12:00, 13:00", "14:00, 13:00", 0, "hours.monday = (this entry)", "let each begin"),
    (CALENDAR, "make_up_hours: [09:00-18:00]", "make_up_hours: [09:00-18:00, 10:00-11:00]", 0, "make_up_hours", "overlap"),
]  # fmt: skip


def test_the_small_registers_are_in_order():
    registers, faults = read(FILES)
    assert faults == []
    assert registers is not None


def test_more_than_80_faults_are_planted():
    assert len(PLANTED) > 80


@pytest.mark.clause("M20")
@pytest.mark.clause("M21")
@pytest.mark.clause("M22")
@pytest.mark.clause("M23")
@pytest.mark.clause("M43")
@pytest.mark.clause("M46")
@pytest.mark.clause("M63")
@pytest.mark.clause("M70")
@pytest.mark.clause("M02")
@pytest.mark.clause("M16")
@pytest.mark.parametrize(("name", "old", "new", "below", "told", "remedy"), PLANTED)
def test_a_planted_fault_is_told_with_line_place_value_and_remedy(name, old, new, below, told, remedy):
    line, faults = broken(name, old, new)
    english = [fault.sentence(load("en")) for fault in faults]
    start = f"{name}:{line + below}: "
    assert any(s.startswith(start) and told in s and remedy in s for s in english), english
    for fault in faults:
        chinese = SENTENCE.fullmatch(fault.sentence(load("zh")))
        assert chinese
        assert re.search("[一-鿿]", chinese["remedy"]), chinese[0]


def test_a_contract_that_starts_after_retirement_is_refused():
    line, faults = broken(
        CUSTOMERS,
        "C-2, product: erp, starts_on: 2026-03-18",
        "C-2, product: crm, starts_on: 2026-06-30",
    )
    assert [(fault.line, fault.key, fault.value) for fault in faults] == [
        (line, "contract_retired", "2026-06-30")
    ]


def test_the_last_day_before_retirement_may_still_be_a_delivery():
    _, faults = broken(CUSTOMERS, "2023-05-20", "2026-06-29")
    assert faults == []


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("sample", "sizes"), [("30%", (1, 2, 3)), ("100%", (1, 5, 10)), ("0.5%", (1, 1, 1)), ("3", (1, 3, 3))]
)
def test_a_sample_is_a_share_rounded_up_or_a_number(sample, sizes):
    registers, faults = read({**FILES, PRODUCTS: FILES[PRODUCTS].replace("30%", sample)})
    assert faults == []
    assert registers
    survey = registers.products["erp"].survey
    assert survey
    assert tuple(survey.size(count) for count in (1, 5, 10)) == sizes
    assert (survey.every, survey.due_day) == ("quarter", 20)
    assert registers.products["crm"].survey is None


def test_a_training_of_today_is_no_fault():
    _, faults = broken(PEOPLE, "2024-02-20", "2026-11-22")
    assert faults == []
