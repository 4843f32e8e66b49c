"""A small company with one product and a quarter of real work: the data that the document tests are judged by."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from docgen.model import Front, Revision
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry, origin_marker
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer, Delivery, Person, Product, ProductKind, Registers
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage
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
        {weekday: _DAY for weekday in range(5)},
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

# kind, channel, customer, title, measure, received, minutes to the response, days to closing (None: still open)
_Work = tuple[str, str, str, str, str, str, int | None, int | None]
_REQUESTS: tuple[_Work, ...] = (
    ("inquiry", "phone", "c1", "盘点单反审核后库存数量如何恢复", "电话说明反审核步骤，并发送操作手册第 5 章", "2026-10-08 09:20", 0, 0),
    ("fault", "system", "c2", "销售出库单保存时报“库存不足”，实际库存为 120 件", "修正可用量计算，升级到 3.2.1 后复核 30 张单据均正确", "2026-10-08 10:05", 42, 6),
    ("request", "email", "c3", "为新设的绍兴仓库开通 5 个操作账号", "已开通账号并发送初始密码，启用首次登录修改密码", "2026-10-09 14:10", 95, 1),
    ("complaint", "phone", "c4", "上周报修至今无人回电", "当日由服务主管回电致歉，重新派单并每日通报进展", "2026-10-10 09:35", 30, 4),
    ("suggestion", "survey", "c1", "希望应收账款报表可以按业务员分组并导出 Excel", "列入 3.3 版需求，已告知客户预计时间", "2026-10-12 11:00", 120, 9),
    ("fault", "system", "c5", "月末结账到 80% 时卡住，日志提示 deadlock detected", "调整结账事务顺序并增加重试，客户复测通过", "2026-10-13 16:50", 55, 5),
    ("inquiry", "email", "c2", "如何设置采购价格的审批权限", "回复权限设置说明，远程协助配置完成", "2026-10-14 10:30", 35, 1),
    ("request", "system", "c4", "导出 2026 年 1—9 月全部出入库明细用于审计", "按审计要求的字段导出并加密发送", "2026-10-15 13:40", 180, 2),
    ("inquiry", "phone", "c3", "批次号重复时系统如何处理", "说明批次号唯一性规则与合并办法", "2026-10-16 15:05", 0, 0),
    ("fault", "phone", "c1", "打印送货单时第二页抬头缺失", "修正打印模板的重复表头设置", "2026-10-19 09:10", 0, 3),
    ("other", "email", "c5", "索取等保测评所需的产品安全说明", "提供安全白皮书与渗透测试结论", "2026-10-20 11:20", 300, 5),
    ("suggestion", "system", "c4", "移动端扫码入库后希望直接跳到下一行", "评估后不采纳：与双人复核流程冲突，已向客户解释", "2026-10-21 14:45", 150, 8),
    ("request", "system", "c2", "调整入库单打印格式，增加质检员签字栏", "更新打印模板并由客户确认样张", "2026-10-23 10:15", 60, 4),
    ("fault", "system", "c3", "采购订单导入 Excel 时中文列名识别错误", "导入程序支持 GB18030 与 UTF-8 两种编码，补充提示", "2026-10-26 09:00", 25, 7),
    ("inquiry", "system", "c5", "存货跌价准备的计提公式在哪里设置", "回复设置路径，附示例截图", "2026-10-28 16:20", 40, 1),
    ("complaint", "email", "c2", "10 月 26 日系统升级没有提前通知，影响早班发货", "向客户书面说明原因，今后升级提前 3 个工作日通知并避开早班", "2026-10-29 08:50", 200, 6),
    ("request", "phone", "c1", "增加一名财务人员的只读权限", "当日开通", "2026-11-02 09:40", 0, 0),
    ("fault", "system", "c4", "有效期预警邮件重复发送，同一批次一天收到 6 封", "修正预警去重条件，补发说明邮件", "2026-11-03 11:10", 70, 4),
    ("inquiry", "email", "c3", "能否把两个仓库的库存合并查询", "说明库存汇总报表的用法", "2026-11-04 13:50", 20, 1),
    ("suggestion", "on_site", "c5", "建议在发货界面显示承运商的实时运力", "纳入产品规划讨论，待领导决定", "2026-11-05 15:30", 0, None),
    ("request", "system", "c2", "把基础资料中的 1,240 条供应商地址批量更新为新格式", "编写脚本批量更新，更新前后各备份一份，抽查 60 条无误", "2026-11-09 10:00", 85, 6),
    ("fault", "phone", "c1", "周末盘点时扫码枪连接后程序闪退", "更换驱动并修正空指针错误", "2026-11-10 09:25", 0, 5),
    ("inquiry", "phone", "c4", "退货红字发票与原发票如何对应", "电话指导并发送操作步骤", "2026-11-11 14:00", 0, 0),
    ("request", "email", "c5", "提供接口文档，准备与 TMS 系统对接", "发送接口文档 V2.1，安排一次技术交流", "2026-11-12 16:40", 130, 7),
    ("fault", "system", "c3", "多币种采购单汇率取值为前一日", "改为取单据日期汇率，已更新历史 3 张单据", "2026-11-16 10:10", 90, 8),
    ("other", "phone", "c2", "咨询年度服务续约事宜", "转商务同事跟进，已约定会谈时间", "2026-11-17 11:30", 0, 1),
    ("inquiry", "system", "c1", "如何查看某一用户最近 90 天的操作日志", "回复查询路径与导出方法", "2026-11-18 09:15", 15, 1),
    ("suggestion", "email", "c3", "希望登录页面支持企业微信扫码", "采纳，已在 3.2.2 版实现并致谢", "2026-11-20 10:20", 100, 18),
    ("fault", "system", "c5", "出库单并发审核时偶发重复扣减库存", "增加行级锁与唯一约束，压测 2 小时未再出现", "2026-11-24 15:45", 35, 9),
    ("request", "system", "c4", "配置 UDI 码解析规则", "按医疗器械 UDI 规范配置并验证 12 种码", "2026-11-26 13:35", 210, 5),
    ("complaint", "phone", "c3", "故障单 14 处理时间过长，影响采购计划", "", "2026-11-27 16:10", 50, None),
    ("inquiry", "email", "c2", "生产领料与委外领料的差别", "书面答复并提供流程图", "2026-12-01 09:50", 45, 1),
    ("fault", "system", "c1", "年度结转后期初余额多计 0.01 元（尾差）", "统一舍入规则为四舍六入五成双，重新结转后平衡", "2026-12-07 10:30", 60, 10),
    ("request", "phone", "c5", "年末盘点期间安排值班支持", "12 月 30—31 日安排专人值班", "2026-12-14 14:20", 0, 3),
    ("suggestion", "system", "c2", "希望报表能够保存常用筛选条件", "采纳，排入 3.3 版", "2026-12-16 11:15", 160, 6),
    ("fault", "system", "c4", "冷链温度记录曲线缺少 12 月 20 日 02:00—04:00 的数据", "", "2026-12-29 17:20", None, None),
    ("inquiry", "email", "c3", "新年度会计科目调整对历史报表有何影响", "", "2026-12-31 16:30", None, None),
)
_OWN = {
    "complaint": {"c4": "客户接受致歉，10 月 14 日问题解决后回访满意", "c2": "客户认可改进办法，撤回投诉"},
    "suggestion": {
        "c1": ("adopted", "2026-10-13", ""),
        "c4": ("not_adopted", "2026-10-29", "双人复核是贵司质量体系的要求，自动跳行会绕过第二人的确认"),
        "c5": ("open", "", ""),
        "c3": ("adopted", "2026-11-23", ""),
        "c2": ("adopted", "2026-12-17", ""),
    },
}


def requests() -> list[Issue]:
    """The requests of the quarter, one carried over and one received earlier but entered late."""
    found = [_request(str(1001 + place), work) for place, work in enumerate(_REQUESTS)]
    carried: _Work = (
        "request", "email", "c2", "历史单据附件迁移到新文件服务器", "分三批迁移并逐批校验", "2026-09-21 10:00", 60, 30
    )  # fmt: skip
    late: _Work = (
        "inquiry", "phone", "c1", "九月底电话咨询：应付账龄的起算日", "说明起算日规则", "2026-09-29 16:00", None, 12
    )  # fmt: skip
    entered_late = _request("1038", late, created=datetime(2026, 10, 8, 9, 5, tzinfo=ZONE))
    old: _Work = ("request", "email", "c3", "上期已完成的要求", "已完成", "2026-08-03 10:00", 20, 1)
    return [_request("990", old), _request("998", carried), *found, entered_late]


def issues() -> list[Issue]:
    """Everything of the product: requests, maintenance issues, tasks, the plan, and one of another product."""
    asked = requests()
    return [*asked, *_maintenance(asked), *_tasks(), _plan(), _other_product()]


def _request(key: str, work: _Work, *, created: datetime | None = None) -> Issue:
    kind, channel, customer, title, measure, received_text, respond, close = work
    received = datetime.fromisoformat(received_text).replace(tzinfo=ZONE)
    owner = "wang.fang" if int(key) % 3 else "chen.jing"
    registered = created or received + timedelta(minutes=5)
    history: list[HistoryEntry] = []
    if respond:
        at = received + timedelta(minutes=respond)
        history.append(HistoryEntry(at, owner, moved_from=Stage.REGISTERED, moved_to=Stage.IN_PROGRESS))
    if close is not None:
        done = max(received, registered) + timedelta(days=close, hours=2)
        history.append(HistoryEntry(done, owner, moved_from=Stage.IN_PROGRESS, moved_to=Stage.CLOSED))
    started = Stage.IN_PROGRESS if respond else Stage.REGISTERED
    return Issue(
        ref=IssueRef("main", key),
        kind=IssueKind.SERVICE_REQUEST,
        stage=started if close is None else Stage.CLOSED,
        status="",
        title=title,
        created_at=registered,
        updated_at=history[-1].at if history else registered,
        author=owner,
        assignee=owner,
        product="erp",
        fields=_fields(work),
        history=tuple(history),
        time_entries=(TimeEntry(f"t{key}", owner, received.date(), 0.5 + int(key) % 4 * 0.75),),
    )


def _fields(work: _Work) -> dict[Field, str]:
    kind, channel, customer, _, measure, received, _, close = work
    fields = {
        Field.CUSTOMER: customer,
        Field.CHANNEL: channel,
        Field.REQUEST_KIND: kind,
        Field.RECEIVED_AT: received,
        Field.MEASURE: measure,
    }
    if close is not None:
        evidence = ("written", "rating", "noted_call")[len(measure) % 3]
        fields[Field.SATISFACTION_EVIDENCE] = evidence
        if evidence == "rating":
            fields |= {Field.SCORE_PRODUCT: str(3 + len(measure) % 2), Field.SCORE_SERVICE: "5"}
    if kind == "complaint":
        fields[Field.COMPLAINT_OUTCOME] = _OWN["complaint"].get(customer, "")  # type: ignore[assignment]
    if kind == "suggestion":
        decision, thanks, explanation = _OWN["suggestion"][customer]
        fields |= {
            Field.SUGGESTION_DECISION: decision,
            Field.THANKS_SENT_ON: thanks,
            Field.EXPLANATION: explanation,
        }
    return fields


def _maintenance(asked: list[Issue]) -> list[Issue]:
    faults = [issue for issue in asked if issue.value(Field.REQUEST_KIND) == "fault"][:-1]
    return [
        Issue(
            ref=IssueRef("main", str(2001 + place)),
            kind=IssueKind.MAINTENANCE,
            stage=Stage.CLOSED,
            status="",
            title=f"【转维护】{fault.title}",
            created_at=fault.created_at + timedelta(hours=1),
            updated_at=fault.updated_at,
            assignee="liu.yang",
            product="erp",
            fields={
                Field.ORIGIN: origin_marker("M32", fault.ref),
                Field.MAINTENANCE_CLASS: "corrective",
                Field.VISIT_NEEDED: "yes" if place == 6 else "no",
                Field.VISIT_AT: "2026-11-10 15:00" if place == 6 else "",
            },
            history=(
                HistoryEntry(fault.updated_at - timedelta(hours=1), "liu.yang", Stage.TESTING, Stage.CLOSED),
            ),
            time_entries=(TimeEntry(f"m{place}", "liu.yang", date(2026, 11, 3), 6.0),),
        )
        for place, fault in enumerate(faults)
    ]


def _task(key: str, kind: str, title: str, day: str, *, done: bool, **fields: str) -> Issue:
    start = datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=ZONE)
    moved = (HistoryEntry(start + timedelta(days=1), "chen.jing", Stage.IN_PROGRESS, Stage.CLOSED),) if done else ()
    return Issue(
        ref=IssueRef("main", key),
        kind=IssueKind.SERVICE_TASK,
        stage=Stage.CLOSED if done else Stage.OPEN,
        status="",
        title=title,
        created_at=start,
        updated_at=start,
        author="chen.jing",
        assignee="chen.jing",
        product="erp",
        fields={Field.TASK_KIND: kind, **{Field(name): value for name, value in fields.items()}},
        history=moved,
        time_entries=(TimeEntry(f"k{key}", "chen.jing", start.date(), 3.5),),
    )


def _tasks() -> list[Issue]:
    return [
        _task("3001", "survey", "第四季度满意度调查", "2026-10-12", done=True, customer="c1", score_product="4", score_service="5"),
        _task("3002", "survey", "第四季度满意度调查", "2026-10-20", done=True, customer="c3", score_product="4.5", score_service="4"),
        _task("3003", "survey", "第四季度满意度调查", "2026-12-21", done=False, customer="c5"),
        _task("3004", "visit", "现场处理送货单打印", "2026-10-19", done=True, customer="c1", arrived_at="2026-10-19 14:10", left_at="2026-10-19 16:30", visit_signed_by="周敏"),
        _task("3005", "visit", "年末盘点前现场检查", "2026-12-08", done=True, customer="c2", visit_at="2026-12-10 10:00", visit_agreed_with="钱工", arrived_at="2026-12-10 10:25", left_at="2026-12-10 17:00", visit_signed_by="钱工"),
        _task("3006", "training", "与客户打交道：投诉沟通技巧（半天）", "2026-11-06", done=True),
        _task("3007", "training", "3.2.1 版新功能内部培训", "2026-10-15", done=True),
        _task("3008", "plan_task", "整理常见问题 30 条并发布", "2026-12-01", done=False, waiver="经张伟同意，延至 2027 年 1 月 20 日"),
        _task("3009", "patch_update", "3.2.1 补丁更新：5 家客户", "2026-10-22", done=True),
    ]  # fmt: skip


def _plan() -> Issue:
    at = datetime(2026, 1, 8, 10, 0, tzinfo=ZONE)
    decided = HistoryEntry(
        at, "zhang.wei", Stage.SUBMITTED, Stage.APPROVED, (FieldChange(Field.APPROVAL_DECISION, "", "agree"),)
    )
    return Issue(
        ref=IssueRef("main", "901"),
        kind=IssueKind.DOCUMENT,
        stage=Stage.APPROVED,
        status="",
        title="客户服务计划 2026",
        created_at=at - timedelta(days=3),
        updated_at=at,
        author="wang.fang",
        product="erp",
        fields={
            Field.DOCUMENT_KIND: "service_plan",
            Field.PERIOD: "2026",
            Field.APPROVAL_DECISION: "agree",
        },
        history=(decided,),
    )


def _other_product() -> Issue:
    at = datetime(2026, 10, 12, 9, 0, tzinfo=ZONE)
    return Issue(
        IssueRef("main", "5001"), IssueKind.SERVICE_REQUEST, Stage.REGISTERED, "", "别的产品的要求", at, at, product="crm"
    )
