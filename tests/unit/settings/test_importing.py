# ruff: noqa: E501 - one planted fault a line reads as a table
"""Customers and people from CSV: what is taken over, what is kept, what is refused and how that is told."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.messages import load
from svc_plugin.settings.importing import Import, plan_import, write_atomically
from svc_plugin.settings.reading import parse
from svc_plugin.settings.sheets import SHEETS, disarm, rearm
from svc_plugin.settings.tables import write_table
from tests.builders import NOW
from tests.thorough import examples
from tests.unit.settings.small import CUSTOMERS, FILES, PEOPLE

COMMENTED = """\
# the people
- account: zhang.wei # who leads
  name: 张伟
  city:   北京
  roles: [ leader ]

# --- service ---
- { account: wang.fang, name: "王芳", city: 北京, roles: [service] } # first
- account: liu.yang
  # moved in 2025
  name: 刘洋
  city: 上海
  roles: [maintenance]
# the end
"""
HEADER = "account,name,city,roles\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "registers").mkdir()
    for name, text in {**FILES, PEOPLE: COMMENTED}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def take(folder, which: str, content: str | bytes) -> Import:
    raw = content if isinstance(content, bytes) else content.encode()
    return plan_import(folder, SHEETS[which], "list.csv", raw, now=NOW)


def told(outcome: Import) -> list[str]:
    return [fault.sentence(load("en")) for fault in outcome.faults]


def test_only_the_changed_entry_is_written_anew(folder):
    outcome = take(folder, "people", HEADER + "liu.yang,刘洋,广州,maintenance\n")
    assert outcome.text == COMMENTED.replace("city: 上海", "city: 广州")
    assert [(c.key, c.place, c.old, c.new) for c in outcome.changed] == [
        ("liu.yang", "city", "'上海'", "'广州'")
    ]
    assert (outcome.added, outcome.unchanged, outcome.faults) == ((), 2, ())


def test_a_changed_entry_keeps_its_own_comments_quotes_and_braces(folder):
    outcome = take(folder, "people", HEADER + "wang.fang,王芳,深圳,\nliu.yang,,,maintenance;technician\n")
    assert '- { account: wang.fang, name: "王芳", city: 深圳, roles: [service] } # first\n' in outcome.text
    assert "  # moved in 2025\n" in outcome.text
    assert "  roles: [maintenance, technician]\n# the end\n" in outcome.text
    assert outcome.text.startswith(COMMENTED.partition("- {")[0])


def test_new_entries_follow_the_last_one_in_the_order_of_the_rows(folder):
    outcome = take(folder, "people", HEADER + "b.b,乙,武汉,技术\na.a,甲,武汉,领导、审批人\n")
    assert outcome.added == ("b.b", "a.a")
    assert outcome.text == COMMENTED + (
        "- account: b.b\n  name: 乙\n  city: 武汉\n  roles: [technician]\n"
        "- account: a.a\n  name: 甲\n  city: 武汉\n  roles: [leader, approver]\n"
    )


def test_an_empty_register_takes_its_first_entries(folder):
    (folder / CUSTOMERS).write_text("# none yet\n[]\n", encoding="utf-8")
    outcome = take(folder, "customers", "key,name,city,contract,contract_product,contract_from,contract_to,fee,"
                   "service_level\nnew,新客户,武汉,C-9,erp,2026/1/1,2026年12月31日,\"¥12,000.50\",5×8\n")  # fmt: skip
    assert told(outcome) == []
    assert outcome.text.startswith("# none yet\n- key: new\n")
    (contract,) = parse(outcome.text)[0]["contracts"]
    assert (contract["starts_on"], contract["ends_on"]) == (date(2026, 1, 1), date(2026, 12, 31))
    assert contract["fee"] == 12000.5


def test_rows_of_one_customer_bring_its_contacts_deliveries_and_contracts_together(folder):
    outcome = take(
        folder,
        "customers",
        "客户编号,客户名称,城市,联系人,电话,产品,版本,交付日期\n"
        "ruifeng,,,陈秀英,010-5550 4720,erp,5.1,2024-09-02\nruifeng,,,王二,010-5550 4721,erp,5.2,2026-09-02\n",
    )
    assert told(outcome) == []
    ruifeng = parse(outcome.text)[1]
    assert [contact["name"] for contact in ruifeng["contacts"]] == ["陈秀英", "王二"]
    assert [delivery["version"] for delivery in ruifeng["deliveries"]] == ["5.1", "5.2"]
    assert outcome.text.startswith(FILES[CUSTOMERS].partition("- key: ruifeng")[0])


@pytest.mark.parametrize(
    ("encoding", "separator", "header"),
    [
        ("utf-8", ",", "账号,姓名,城市,角色"),
        ("utf-8", ";", "Account,Name,City,Roles"),
        ("utf-8-sig", ",", " 登录名 ,姓名,所在城市,ROLE"),
        ("utf-8-sig", "\t", "账号,姓名,城市,角色"),
        ("gb18030", ",", "账号,姓名,城市,角色"),
        ("gb18030", ";", "帐号,姓名,所在城市,角色"),
        ("gb18030", "\t", "account,name,city,roles"),
        ("utf-16", "\t", "账号,姓名,城市,角色"),
    ],
)
def test_encodings_separators_and_headers_of_companies_are_understood(folder, encoding, separator, header):
    lines = f"{header}\r\nliu.yang,刘洋,广州,维护人员\r\n".replace(",", separator)
    outcome = take(folder, "people", lines.encode(encoding))
    assert told(outcome) == []
    assert [change.new for change in outcome.changed] == ["'广州'"]


def test_columns_that_are_not_known_are_left_out_and_named(folder):
    outcome = take(folder, "people", "account,备注,city\nliu.yang,x,广州\n")
    assert outcome.ignored == ("备注",)
    assert len(outcome.changed) == 1


REFUSED = [
    ("people", HEADER + "liu.yang,刘洋,广州,boss\n", "list.csv:2: roles = 'boss'", "'technician'"),
    ("people", HEADER + ",甲,广州,service\n", "list.csv:2: account = ''", "add it"),
    ("people", HEADER + "new,甲,,service\n", "list.csv:2: city = ''", "add it"),
    ("people", HEADER + "new,王芳,广州,service\n", "list.csv:2: name = '王芳'", "twice"),
    ("people", HEADER + "a,甲,广州,service\na,乙,广州,service\n", "list.csv:3: name = '乙'", "line 2 says '甲'"),
    ("people", HEADER + "liu.yang,刘洋,广州,maintenance,x\n", "list.csv:2: ", "5 cells, the header 4"),
    ("people", "姓名,城市\n甲,广州\n", "list.csv:1: ", "no column '账号 (account)'"),
    ("people", "account,name,姓名\na,b,c\n", "list.csv:1: name = 'name'", "delete one"),
    ("people", 'account,name\na,"b\n', "list.csv:2: not readable as CSV", "again"),
    ("people", b"account,name\na,\xff\xff\n", "list.csv: this is neither UTF-8 nor GB18030", "CSV UTF-8"),
    ("people", "account,培训,培训日期\nliu.yang,产品,2024-01-01\n", "list.csv:2: 培训 = '产品'", "add product"),
    ("people", "account,培训,培训产品,培训日期\nliu.yang,产品,erp,soon\n", "list.csv:2: 培训日期 = 'soon'", "a date like"),
    ("people", "account,roles\nwang.fang,technician\n", "registers/products.yaml:6: ", "the role 'service'"),
    ("customers", "key,email,contact\nruifeng,x,陈\n", "list.csv:2: email = 'x'", "e-mail address"),
    ("customers", "key,phone\nruifeng,1234567\n", "list.csv:2: contact = ''", "add it"),
    ("customers", "key,时区\nruifeng,Mars\n", "list.csv:2: 时区 = 'Mars'", "like Asia/Shanghai"),
    ("customers", "key,产品,版本,交付日期\nruifeng,erp,9,2026-01-01\n", "list.csv:2: 版本 = '9'", "one it has: 5.1, 5.2"),
    ("customers", "key,产品,版本,交付日期\nruifeng,erp,5.1,2026-02-30\n", "交付日期 = '2026-02-30'", "a date like"),
    ("customers", "key,contract,fee\nhengtong,C-1,much\n", "list.csv:2: fee = 'much'", "a number like"),
]  # fmt: skip


@pytest.mark.parametrize(("which", "content", "place", "remedy"), REFUSED)
def test_a_bad_row_is_refused_with_line_column_value_and_remedy(folder, which, content, place, remedy):
    outcome = take(folder, which, content)
    assert any(place in sentence and remedy in sentence for sentence in told(outcome)), told(outcome)
    assert (outcome.text, outcome.added, outcome.changed) == ("", (), ())


def test_all_bad_rows_are_told_and_a_good_one_among_them_is_not_taken(folder):
    rows = "liu.yang,刘洋,广州,boss\nnew,新,武汉,service\nwang.fang,王芳,北京,clerk\n"
    outcome = take(folder, "people", HEADER + rows)
    assert [sentence.split(": ")[0] for sentence in told(outcome)] == ["list.csv:2", "list.csv:4"]
    assert outcome.added == ()


def test_faults_of_one_entry_and_between_entries_are_told_at_once(folder):
    header = "key,name,city,product,version,delivered_on\n"
    rows = "n1,甲,,erp,5.2,2026-01-01\nn2,乙,武汉,erq,5.2,2026-01-01\nruifeng,,,erp,9,2026-01-01\n"
    outcome = take(folder, "customers", header + rows)
    assert [sentence.split(" = ")[0] for sentence in told(outcome)] == [
        "list.csv:2: city",
        "list.csv:3: product",
        "list.csv:4: version",
    ]


def test_who_reports_to_somebody_refused_is_not_refused_for_that(folder):
    rows = "a,甲,,service,\nb,乙,武汉,service,a\n"
    outcome = take(folder, "people", HEADER.strip() + ",reports_to\n" + rows)
    assert [sentence.split(" = ")[0] for sentence in told(outcome)] == ["list.csv:2: city"]


def test_a_column_that_new_entries_need_is_asked_for_once(folder):
    rows = "".join(f"n{number},客户{number}\n" for number in range(200))
    (sentence,) = told(take(folder, "customers", "key,name\n" + rows))
    assert sentence.startswith("list.csv:1: ")
    assert "'城市 (city)'" in sentence


def test_a_line_number_counts_the_lines_of_the_file_not_the_rows(folder):
    outcome = take(
        folder, "people", HEADER + 'liu.yang,"刘\n洋",上海,maintenance\n\nwang.fang,王芳,北京,boss\n'
    )
    assert [sentence.split(": ")[0] for sentence in told(outcome)] == ["list.csv:5"]


@pytest.mark.parametrize(
    "text", ["- { account: a, roles: &r [leader] }\n- { account: b, roles: *r }\n", "[{ account: b }]\n"]
)
def test_a_register_that_cannot_be_divided_is_refused_with_advice(folder, text):
    (folder / PEOPLE).write_text(text, encoding="utf-8")
    assert any(
        "rewrite it plainly" in sentence for sentence in told(take(folder, "people", HEADER + "b,乙,武汉,\n"))
    )


@pytest.mark.parametrize("which", ["customers", "people"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_exported_changes_nothing_when_it_is_imported(folder, which, language):
    (folder / PEOPLE).write_text(FILES[PEOPLE], encoding="utf-8")
    entries = parse((folder / SHEETS[which].file).read_text(encoding="utf-8"))
    text, rows = write_table(entries, SHEETS[which], language)
    outcome = take(folder, which, text.encode("utf-8-sig"))
    assert (outcome.added, outcome.changed, outcome.faults, outcome.unchanged) == ((), (), (), len(entries))
    assert len(list(csv.reader(io.StringIO(text)))) == rows + 1


def test_whom_people_report_to_is_taken_and_a_circle_is_refused(folder):
    taken = take(folder, "people", "账号,上级\nliu.yang,zhang.wei\n")
    assert told(taken) == []
    assert parse(taken.text)[2]["reports_to"] == "zhang.wei"
    (fault,) = told(take(folder, "people", "账号,上级\nliu.yang,liu.yang\n"))
    assert "liu.yang → liu.yang" in fault


@pytest.mark.parametrize("text", ["=1+1", "+86 10 5550", "-1", "@SUM(A1)", "\uff1d1", "'=x", "\t=x"])
def test_what_a_spreadsheet_would_run_is_exported_as_text_and_read_back_as_it_was(text):
    assert disarm(text)[0] == "'"
    assert rearm(disarm(text)) == text


@given(st.text(alphabet="'=+-@\t\r a王", max_size=6))
def test_disarming_is_undone_exactly(text):
    assert rearm(disarm(text)) == text


@settings(max_examples=examples(25), deadline=None)
@given(city=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_any_text_of_a_cell_arrives_as_it_was_and_touches_nothing_else(city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    (folder / "registers").mkdir()
    for name, text in {**FILES, PEOPLE: COMMENTED}.items():
        (folder / name).write_text(text, encoding="utf-8")
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["account", "city"], ["liu.yang", disarm(city)]])
    outcome = take(folder, "people", out.getvalue())
    assert told(outcome) == []
    entries, before = parse(outcome.text), parse(COMMENTED)
    assert entries[2]["city"] == (city.strip() or before[2]["city"])
    assert entries[:2] == before[:2]
    assert outcome.text.startswith(COMMENTED.partition("- account: liu.yang")[0])


def test_writing_replaces_the_file_whole_and_keeps_its_mode(tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_atomically(path, "新\n")
    assert path.read_text(encoding="utf-8") == "新\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["people.yaml"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["people.yaml"]


def test_a_training_may_be_taken_in_on_its_day_where_the_company_is(folder):
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # in Shanghai
    rows = b"account,training,trained_on\nwang.fang,customer_handling,2026-11-23\n"
    before, after = (
        plan_import(folder, SHEETS["people"], "list.csv", rows, now=now)
        for now in (midnight - timedelta(seconds=1), midnight)
    )
    assert "2026-11-22" in " ".join(told(before))
    assert told(after) == []
