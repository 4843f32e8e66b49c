"""A small company with one product after delivery: the registers behind the documents in these tests."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from docgen.model import Front, Revision
from svc_plugin.domain.costs import Cost, CostLine, Rates, Track
from svc_plugin.domain.policy import Ladder, Policy, Step
from svc_plugin.domain.registers import (
    Appointment,
    Contact,
    Contract,
    Customer,
    Delivery,
    Guide,
    Handover,
    HandoverItem,
    Person,
    Product,
    ProductKind,
    Registers,
    Training,
    TrainingKind,
)
from svc_plugin.domain.vocabulary import IssueKind, Role
from svc_plugin.domain.working_time import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
PERIOD = "2026-Q4"
AFTER = datetime(2027, 1, 5, 10, 0, tzinfo=ZONE)
POLICY = Policy(
    "test",
    first_response={
        "default": timedelta(hours=4),
        "fault": timedelta(hours=2),
        "complaint": timedelta(hours=2),
        "inquiry": timedelta(hours=1),
    },
    resolution={"critical": timedelta(hours=8), "major": timedelta(hours=24), "default": timedelta(hours=80)},
    small_change_hours=4,
    new_project_hours=320,
    report_within=timedelta(hours=37.5),
    escalation=(
        Ladder((Step(50, "assignee"), Step(100, "leader", level=1))),
        Ladder((Step(80, "zhao.lei", level=2, assign=True),), IssueKind.MAINTENANCE, "critical"),
    ),
)

_DAY = ((time(9), time(12)), (time(13, 30), time(18)))
_ERP = (Delivery("erp", "3.2", date(2025, 6, 1)),)
_CONTACT = (Contact("沈国平", "021-5550 6108", ""), Contact("顾敏", "", "gumin@dongfang.example"))
_TRAINED = (
    Training(TrainingKind.PRODUCT, "erp", date(2025, 5, 12)),
    Training(TrainingKind.CUSTOMER_HANDLING, "", date(2025, 5, 19)),
)
# 300 days at 100 a day
_AGREED = (
    Contract("erp", "HT-2026-01", date(2026, 4, 1), date(2027, 1, 25), Decimal(30000), "5×8，2 小时响应"),
)
REGISTERS = Registers(
    calendar=WorkCalendar(
        ZONE,
        dict.fromkeys(range(5), _DAY),
        holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
        workdays=frozenset({date(2026, 10, 10)}),
        workday_hours=_DAY,
    ),
    people={
        "wang.fang": Person("wang.fang", "王芳", "上海", frozenset({Role.SERVICE}), _TRAINED),
        "chen.jing": Person("chen.jing", "陈静", "上海", frozenset({Role.SERVICE})),
        "liu.yang": Person("liu.yang", "刘洋", "上海", frozenset({Role.MAINTENANCE}), _TRAINED),
        "zhao.lei": Person("zhao.lei", "赵磊", "苏州", frozenset({Role.MAINTENANCE}), _TRAINED[:1]),
        "zhang.wei": Person("zhang.wei", "张伟", "上海", frozenset({Role.LEADER})),
    },
    products={
        "erp": Product(
            "erp",
            "恒通进销存管理系统",
            ProductKind.SELF_DEVELOPED,
            "zhang.wei",
            ("wang.fang", "chen.jing"),
            ("liu.yang", "zhao.lei"),
            ("3.2",),
            appointments=(
                Appointment(Role.SERVICE, "wang.fang", "zhang.wei", date(2025, 5, 6)),
                Appointment(Role.SERVICE, "chen.jing", "zhang.wei", date(2025, 9, 1)),
                Appointment(Role.MAINTENANCE, "liu.yang", "zhang.wei", date(2025, 5, 6)),
                Appointment(Role.MAINTENANCE, "zhao.lei", "zhang.wei", date(2026, 3, 2)),
            ),
            handover=Handover(
                date(2025, 5, 30),
                ("孙立军",),
                (HandoverItem("源代码已入库", True), HandoverItem("手册已交付", True)),
            ),
            repository="https://git.hengtong.example/erp",
            documents=(
                Guide("3.2", "用户手册", "https://docs.hengtong.example/erp/3.2/user"),
                Guide("3.2", "安装与升级手册", "https://docs.hengtong.example/erp/3.2/install"),
            ),
            channels={
                "system": "https://service.hengtong.example/erp",
                "phone": "021-5550 1801",
                "email": "erp@hengtong.example",
            },
            capacity_hours=120,
            budget={
                Track.SERVICE: {CostLine.LABOUR: Decimal(48000), CostLine.TRAVEL: Decimal(12000)},
                Track.MAINTENANCE: {
                    CostLine.LABOUR: Decimal(96000),
                    CostLine.TRAVEL: Decimal(24000),
                    CostLine.TEST_ENVIRONMENT: Decimal(12000),
                },
            },
        )
    },
    customers={
        "c1": Customer("c1", "上海东方贸易有限公司", "上海", _ERP, contacts=_CONTACT, contracts=_AGREED),
        "c2": Customer("c2", "苏州精密机械厂", "苏州", _ERP),
        "c3": Customer("c3", "杭州西湖食品集团", "杭州", _ERP),
        "c4": Customer("c4", "上海浦江医疗器械股份有限公司", "上海", _ERP),
        "c5": Customer("c5", "宁波港联物流有限公司", "宁波", _ERP),
    },
    rates=Rates({"liu.yang": Decimal(300)}, {Role.SERVICE: Decimal(180)}),
    costs=(
        Cost("erp", Track.SERVICE, "2026-10", CostLine.TRAVEL, Decimal(860)),
        Cost("erp", Track.MAINTENANCE, "2026-11", CostLine.TRAVEL, Decimal(1240)),
        Cost("erp", Track.MAINTENANCE, "2026-12", CostLine.TRAVEL, Decimal("360.50")),
        Cost("erp", Track.MAINTENANCE, "2026-09", CostLine.TRAVEL, Decimal(999)),
        Cost("crm", Track.MAINTENANCE, "2026-11", CostLine.OTHER, Decimal(777)),
    ),
)
FRONT = Front(
    "CSR-erp-2026-Q4",
    "1.0",
    "王芳",
    date(2027, 1, 5),
    "待审批",
    (
        Revision("0.9", date(2027, 1, 4), "王芳", "初稿"),
        Revision("1.0", date(2027, 1, 5), "王芳", "补充投诉处理结果后提交"),
    ),
)
