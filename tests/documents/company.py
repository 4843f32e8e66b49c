"""A small company with one product after delivery: the registers behind the documents in these tests."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from docgen.model import Front, Revision
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer, Delivery, Person, Product, ProductKind, Registers
from svc_plugin.domain.vocabulary import Role
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
)

_DAY = ((time(9), time(12)), (time(13, 30), time(18)))
_ERP = (Delivery("erp", "3.2", date(2025, 6, 1)),)
REGISTERS = Registers(
    calendar=WorkCalendar(
        ZONE,
        dict.fromkeys(range(5), _DAY),
        holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
        workdays=frozenset({date(2026, 10, 10)}),
        workday_hours=_DAY,
    ),
    people={
        "wang.fang": Person("wang.fang", "王芳", "上海", frozenset({Role.SERVICE})),
        "chen.jing": Person("chen.jing", "陈静", "上海", frozenset({Role.SERVICE})),
        "liu.yang": Person("liu.yang", "刘洋", "上海", frozenset({Role.MAINTENANCE})),
        "zhang.wei": Person("zhang.wei", "张伟", "上海", frozenset({Role.LEADER})),
    },
    products={
        "erp": Product(
            "erp",
            "恒通进销存管理系统",
            ProductKind.SELF_DEVELOPED,
            "zhang.wei",
            ("wang.fang", "chen.jing"),
            ("liu.yang",),
            ("3.2",),
        )
    },
    customers={
        "c1": Customer("c1", "上海东方贸易有限公司", "上海", _ERP),
        "c2": Customer("c2", "苏州精密机械厂", "苏州", _ERP),
        "c3": Customer("c3", "杭州西湖食品集团", "杭州", _ERP),
        "c4": Customer("c4", "上海浦江医疗器械股份有限公司", "上海", _ERP),
        "c5": Customer("c5", "宁波港联物流有限公司", "宁波", _ERP),
    },
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
