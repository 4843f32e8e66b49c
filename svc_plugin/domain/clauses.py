"""The clauses of the process, M01 to M76, and how each is kept (section 5 of the process design)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Keeping(StrEnum):
    """How a clause is kept."""

    ENFORCED = "E"
    WARNED = "W"
    CHECKED = "C"
    DOCUMENTED = "D"
    MEASURED = "M"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the words of the seed document, and how it is to be kept."""

    words: str
    keeping: tuple[Keeping, ...]


def _clause(keeping: str, words: str) -> Clause:
    return Clause(words, tuple(Keeping(letter) for letter in keeping))


CLAUSES: Mapping[str, Clause] = MappingProxyType(
    {
        "M01": _clause("C", "本规范适用于国内IT企业的软件研发项目"),
        "M02": _clause("CD", "产品开发完成并开始销售时,原开发小组应当解散…只需要留小部分人员"),
        "M03": _clause("WD", "对于合同项目,…周期、费用等等在合同中决定"),
        "M04": _clause("ED", "对于自主研发的产品…将持续到产品退役"),
        "M05": _clause("E", "客户服务与产品维护的流程(图)"),
        "M06": _clause("EM", "快速响应客户的要求"),
        "M07": _clause("E", "给客户一个满意的解答"),
        "M08": _clause("E", "产品维护可分两大类"),
        "M09": _clause("E", "诊断和改正这些错误的过程称为纠错性维护"),
        "M10": _clause("W", "客户还会提出新的需求…称为完善性维护"),
        "M11": _clause("E", "如果需求变更比较大,…转变为软件新版本的开发(即新的项目)"),
        "M12": _clause("E", "纠错性维护是必需的、强制性的"),
        "M13": _clause("E", "完善性维护则要根据产品发展战略、开发方财力和资源等因素而定"),
        "M14": _clause("D", "主要文档有: 四个文档"),
        "M15": _clause("E", "为购买本产品的客户提供服务,例如技术咨询、故障排除等等"),
        "M16": _clause("C", "机构有关领导为所有产品指定客户服务人员"),
        "M17": _clause("M", "服务人员的多少根据机构的现状而定"),
        "M18": _clause("E", "服务人员接收客户的要求,并迅速响应"),
        "M19": _clause("E", "2.3 启动准则 产品已经交付给客户"),
        "M20": _clause("C", "2.4 输入 客户信息库"),
        "M21": _clause("CD", "产品文档如使用指南等"),
        "M22": _clause("CD", "有关合同"),
        "M23": _clause("CED", "建立通畅的客户服务通信渠道,包括信息管理系统、电话、电子邮件等"),
        "M24": _clause("WD", "开发方对服务人员进行必要的培训 (CS)"),
        "M25": _clause("D", "服务人员制定本产品的客户服务计划"),
        "M26": _clause("E", "上级领导审批该计划"),
        "M27": _clause("E", "如请求、建议、投诉等等"),
        "M28": _clause("EM", "服务人员记录这些要求"),
        "M29": _clause("EM", "服务人员主动向一些客户询问,调查客户的要求"),
        "M30": _clause("EM", "服务人员迅速响应客户的要求"),
        "M31": _clause("E", "相对简单的技术咨询…自己或请相关的技术人员立即予以解答"),
        "M32": _clause("E", "如果客户遇到软件故障,那么服务人员请产品维护人员"),
        "M33": _clause("E", "在同一城市,…当日赶到客户工作场所"),
        "M34": _clause("E", "客户在外地,…根据交通状况与客户协商时间"),
        "M35": _clause("E", "转向产品维护规程"),
        "M36": _clause("E", "采纳了,…尽快向客户致谢"),
        "M37": _clause("E", "没有采纳,…必要的解释,并向客户致谢"),
        "M38": _clause("D", "归纳分析客户的各种要求,总结一些有价值的建议,向有关领导汇报 (CS)"),
        "M39": _clause("D", "《客户服务报告》(记录客户的要求及相应的解决措施)"),
        "M40": _clause("E", "2.7 结束准则 已经给客户一个满意的解答"),
        "M41": _clause("DM", "统计客户要求的种类和数量,汇报给有关领导"),
        "M42": _clause("M", "消除产品中存在的缺陷。在资源允许的情况下,不断改善"),
        "M43": _clause("C", "机构领导为所有产品指定维护人员,…根据机构的现状而定"),
        "M44": _clause("EM", "维护人员及时消除…缺陷"),
        "M45": _clause("E", "3.3 启动准则 产品已经交付给客户"),
        "M46": _clause("C", "源代码和开发文档、使用文档等(…保存在配置库中)"),
        "M47": _clause("WD", "开发方对维护人员进行必要的培训"),
        "M48": _clause("DE", "维护人员制定本产品的维护计划;上级领导审批该计划"),
        "M49": _clause("E", "客户或者开发方内部的维护要求"),
        "M50": _clause("E", "首先判断该要求属于“纠错性维护”还是“完善性维护”"),
        "M51": _clause("E", "确定“是否”以及“何时”赶赴客户工作场所"),
        "M52": _clause("E", "设法尽快消除产品中的缺陷"),
        "M53": _clause("E", "如果该维护工作处于资源允许的情况下"),
        "M54": _clause("E", "否则,维护人员向领导请示,由领导决定是否执行"),
        "M55": _clause("E", "执行维护工作…及时消除…不断改善"),
        "M56": _clause("E", "必须对修改后的产品进行相关的测试"),
        "M57": _clause("E", "必须严格遵循配置管理规范,避免…版本发生混乱"),
        "M58": _clause("EM", "对于绝大多数客户都有意义,…妥善地更新…发行“软件补丁”等"),
        "M59": _clause("D", "归纳分析各种维护要求,…向有关领导汇报 (PM)"),
        "M60": _clause("D", "《产品维护报告》(记录维护要求及相应的解决措施)"),
        "M61": _clause("ED", "对于每一项维护要求,都已经给客户一个满意的解答"),
        "M62": _clause("EDM", "统计维护工作量,问题的种类和数量,汇报给有关领导"),
        "M63": _clause("CW", "产品培训,还要在“与客户打交道”方面进行培训"),
        "M64": _clause("M", "提高客户对产品以及开发方的满意度"),
        "M65": _clause("D", "对…所有有价值的文档进行配置管理"),
        "M66": _clause("D", "《客户服务计划》1.基础设施 2.任务安排 3.费用预算 本计划的审批意见"),
        "M67": _clause("D", "《客户服务报告》(模板标题)"),
        "M68": _clause("D", "《产品维护计划》1.维护范围 2.任务安排 3.费用预算 本计划的审批意见"),
        "M69": _clause("D", "《产品维护报告》(模板标题)"),
        "M70": _clause("C", "机构领导、上级领导、服务人员、维护人员、相关的技术人员、客户"),
        "M71": _clause("D", "费用预算 → 实际费用"),
        "M72": _clause("DE", "“汇报给有关领导” ×4"),
        "M73": _clause("EM", "“一般地 / 根据具体情况 / 根据机构的现状”"),
        "M74": _clause("E", "信息管理系统 is one channel of several"),
        "M75": _clause("E", "plan precedes work"),
        "M76": _clause("D", "period end"),
    }
)
