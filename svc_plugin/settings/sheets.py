"""Customers and people as CSV, the way companies have it: which columns there are, and how cells are written.

One entry may fill several rows: each row holds the entry's own columns and at most one item of each of its
lists (contacts, deliveries, contracts, trainings). An empty cell says nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import cast

from svc_plugin.domain.registers import TrainingKind
from svc_plugin.domain.vocabulary import Role
from svc_plugin.settings.checks import CUSTOMERS, PEOPLE

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Role.SERVICE: "服务人员",
        Role.MAINTENANCE: "维护人员",
        Role.TECHNICIAN: "技术人员",
        Role.LEADER: "领导",
        Role.APPROVER: "审批人",
        TrainingKind.PRODUCT: "产品培训",
        TrainingKind.CUSTOMER_HANDLING: "与客户打交道",
    }
)
_CODES = MappingProxyType({label: str(code) for code, label in _LABELS.items()})
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# what a spreadsheet would run as a formula (OWASP, "CSV Injection"), full-width signs too
_ACTIVE = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its headers, where its value stands in an entry, and how a cell becomes that value."""

    english: str
    chinese: str
    path: tuple[str, ...]
    read: Callable[[str], object] = str
    also: tuple[str, ...] = ()

    @property
    def headers(self) -> set[str]:
        """Every header by which the column is recognised, as ``plain_header`` writes them."""
        return {plain_header(text) for text in (self.english, self.chinese, *self.also)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register as a table: the first column names an entry, ``items`` what identifies an item of a list."""

    file: str
    columns: tuple[Column, ...]
    items: Mapping[str, tuple[str, ...]]

    @property
    def key(self) -> Column:
        """The column that names the entry."""
        return self.columns[0]


def plain_header(text: str) -> str:
    """Write a header without what people vary: case, spaces, ``_`` and ``-``."""
    return re.sub(r"[\s_-]", "", text).casefold()


def disarm(text: str) -> str:
    """Put ``'`` before text that a spreadsheet would take for a formula."""
    return f"'{text}" if _ACTIVE.match(text) else text


def rearm(text: str) -> str:
    """Take off what ``disarm`` put before a text."""
    return text[1:] if text.startswith("'") and _ACTIVE.match(text) else text


def cell_text(value: object, language: str) -> str:
    """Write a value as a cell; choices in words when the language is Chinese."""
    if isinstance(value, list):
        return "、".join(cell_text(item, language) for item in cast("list[object]", value))
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    return _LABELS.get(text, text) if language == "zh" else text


def _day(text: str) -> object:
    match = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else text
    except ValueError:
        return text


def _money(text: str) -> object:
    plain = re.sub("[¥\uffe5,\uff0c\\s元]", "", text)
    if not _NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)


def _code(text: str) -> str:
    known = _CODES.get(text) or _CODES.get(f"{text}人员") or _CODES.get(f"{text}培训")
    return known or text.casefold()


def _codes(text: str) -> object:
    return [_code(part) for part in re.split("[\\s,;/|、\uff0c\uff1b]+", text) if part]


SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        "customers": Sheet(
            CUSTOMERS,
            (
                Column("key", "客户编号", ("key",), also=("编号", "客户代码", "customer key", "id")),
                Column("name", "客户名称", ("name",), also=("名称", "客户", "公司名称", "customer")),
                Column("city", "城市", ("city",), also=("所在城市",)),
                Column("time_zone", "时区", ("time_zone",), also=("zone",)),
                Column("contact", "联系人", ("contacts", "name"), also=("contact name",)),
                Column("phone", "电话", ("contacts", "phone"), also=("联系电话", "手机", "telephone")),
                Column("email", "电子邮件", ("contacts", "email"), also=("邮箱", "电子邮箱", "mail")),
                Column("product", "产品", ("deliveries", "product"), also=("交付产品",)),
                Column("version", "版本", ("deliveries", "version"), also=("交付版本",)),
                Column("delivered_on", "交付日期", ("deliveries", "delivered_on"), _day),
                Column("contract", "合同编号", ("contracts", "number"), also=("合同号", "contract number")),
                Column("contract_product", "合同产品", ("contracts", "product")),
                Column("contract_from", "合同开始", ("contracts", "starts_on"), _day, ("合同开始日期",)),
                Column("contract_to", "合同结束", ("contracts", "ends_on"), _day, ("到期日期",)),
                Column("fee", "合同金额", ("contracts", "fee"), _money, ("费用", "contract fee")),
                Column("service_level", "服务级别", ("contracts", "service_level")),
            ),
            {
                "contacts": ("name",),
                "deliveries": ("product", "version"),
                "contracts": ("number", "product"),
            },
        ),
        "people": Sheet(
            PEOPLE,
            (
                Column("account", "账号", ("account",), also=("帐号", "登录名", "login")),
                Column("name", "姓名", ("name",)),
                Column("city", "城市", ("city",), also=("所在城市",)),
                Column("roles", "角色", ("roles",), _codes, ("role",)),
                Column("reports_to", "上级", ("reports_to",), also=("直接上级", "汇报对象", "lead")),
                Column("training", "培训种类", ("trainings", "kind"), _code, ("培训", "training kind")),
                Column("training_product", "培训产品", ("trainings", "product")),
                Column("trained_on", "培训日期", ("trainings", "trained_on"), _day),
            ),
            {"trainings": ("kind", "product", "trained_on")},
        ),
    }
)
