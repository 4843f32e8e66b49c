"""What is said of webhooks, other installations, service projects, what is in order and what we made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "made.link.outward": ("源于", "was made for"),
        "made.link.inward": ("引出", "led to"),
        "made.description": (
            "svc-plugin 客户服务流程使用：{name}",
            "For svc-plugin's customer service process: {name}",
        ),
        "made.context": ("svc-plugin 项目", "svc-plugin's projects"),
        "no_agent": (
            (
                "我们的账号不能查看服务项目的审批和 SLA；如需在此显示，请在“项目设置 → 人员”中让它成为"
                "该服务项目的代理（占用一个代理许可）。"
            ),
            (
                "our account may not see the approvals and SLAs of the service project; to have them shown, "
                "make it an agent there under Project settings, People (this takes an agent licence)."
            ),
        ),
        "check.webhook": (
            "没有发往 {path} 的网络钩子；请在“系统 → 网络钩子”中新建（没有它，变动由定时查找发现）。",
            (
                "No webhook leads to {path}; create one under System, WebHooks (without it, changes are "
                "found by the sweep)."
            ),
        ),
        "check.webhook.off": (
            "发往 {path} 的网络钩子已停用；请在“系统 → 网络钩子”中启用。",
            "The webhook to {path} is switched off; enable it under System, WebHooks.",
        ),
        "check.webhook.events": (
            "发往 {path} 的网络钩子缺少事件 {missing}；请在“系统 → 网络钩子”中勾选。",
            "The webhook to {path} lacks the events {missing}; tick them under System, WebHooks.",
        ),
        "check.webhook.unsigned": (
            (
                "发往 {path} 的网络钩子没有密钥，其通知会被拒收；请在“系统 → 网络钩子”中填写密钥，"
                "即 secrets.env 中 HOOK_SECRETS 之一。"
            ),
            (
                "The webhook to {path} has no secret, so that its deliveries are refused; enter one of "
                "HOOK_SECRETS of secrets.env under System, WebHooks."
            ),
        ),
        "check.webhook.bodiless": (
            "发往 {path} 的网络钩子不带正文；请在“系统 → 网络钩子”中取消“排除正文”。",
            "The webhook to {path} sends no body; untick 'Exclude body' under System, WebHooks.",
        ),
        "check.kept": (
            (
                "项目“{project}”已由 {keeper} 的 svc-plugin 负责，两套系统会互相撤销；请停用其中一套，"
                "再运行 svc-plugin setup jira --take-over。"
            ),
            (
                "Project '{project}' is looked after by the svc-plugin at {keeper}, and two would undo "
                "each other's work; stop one of them, then run svc-plugin setup jira --take-over."
            ),
        ),
        "ok.server": (
            "可以访问：{url}，Jira {edition} {version}",
            "reachable: {url}, Jira {edition} {version}",
        ),
        "ok.clock": ("时钟相差 {seconds} 秒", "clocks differ by {seconds} seconds"),
        "ok.me": ("我们的账号：{account}（{id}）", "our account: {account} ({id})"),
        "ok.fields": ("已找到的字段：{count}", "fields found: {count}"),
        "ok.link_type": ("链接类型：{name}", "link type: {name}"),
        "ok.permissions": (
            "项目“{project}”的权限：{held} / {wanted}",
            "permissions in project '{project}': {held} of {wanted}",
        ),
        "ok.type": (
            "项目“{project}”的“{type}”：状态 {found} / {wanted}",
            "'{type}' of project '{project}': statuses {found} of {wanted}",
        ),
        "ok.workflow": (
            "“{type}”可从这些状态移到其他各状态（看了 {keys}）：{statuses}",
            "'{type}' can be moved to every other status (seen on {keys}) from: {statuses}",
        ),
        "ok.unseen": (
            "“{type}”的这些状态下没有问题，从那里的转换尚未检查：{statuses}",
            "no issue of '{type}' stands in these statuses, so that the ways out went unchecked: {statuses}",
        ),
        "ok.screen": ("“{type}”的编辑界面：看了 {key}", "edit screen of '{type}': seen on {key}"),
        "ok.webhook": (
            "网络钩子：已登记，启用，事件齐全（{url}）",
            "webhook: registered, enabled, with all events ({url})",
        ),
        "ok.webhook.unsigned": (
            "网络钩子：Data Center 不显示有无密钥；没有签名的通知会被拒收",
            "webhook: Data Center does not show whether there is a secret; an unsigned delivery is refused",
        ),
        "ok.webhook.hidden": (
            (
                "网络钩子：只有管理员能看到，未检查；请在“系统 → 网络钩子”中核对有发往 {path} 的一个，"
                "或以管理员令牌运行 svc-plugin setup jira --dry-run"
            ),
            (
                "webhook: shown to administrators only, hence unchecked; see under System, WebHooks that "
                "one leads to {path}, or run svc-plugin setup jira --dry-run with an administrator's token"
            ),
        ),
    }
)
