"""What this adapter says to people, in Chinese and English; names of pages and switches are Jira's own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.texts import Texts
from svc_plugin.sites.jira.check_wording import SENTENCES

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "page": (
            "服务与维护：本单的检查结果与依据",
            "Service and maintenance: what was checked here, and why",
        ),
        "no_account": (
            (
                "不知道账号“{account}”在 Jira 上是谁；请在 svc-plugin.yaml 该站点的 accounts 中写上其账"
                "号 ID（在 Jira 打开此人的个人资料页，网址的最后一段就是）。"
            ),
            (
                "Who '{account}' is on Jira is not configured; write the account id under accounts of "
                "this site in svc-plugin.yaml (open the person's profile in Jira: it is the last part of "
                "the address)."
            ),
        ),
        "no_version": (
            "项目“{project}”没有版本“{version}”；请在该项目的“版本”（Releases）页中新建。",
            (
                "Project '{project}' has no version '{version}'; create it on the Releases page of that "
                "project."
            ),
        ),
        "no_status": (
            (
                "项目“{project}”的“{type}”没有状态“{status}”；请在“项目设置 → 工作流”中加入该状"
                "态，或在映射中改用已有的名称。"
            ),
            (
                "'{type}' of project '{project}' has no status '{status}'; add it under Project "
                "settings, Workflows, or map another name."
            ),
        ),
        "no_field": (
            (
                "“{type}”的问题上看不到字段“{label}”（{name}）；请在“问题 → 自定义字段”中把它加入"
                "该类型的界面与上下文。"
            ),
            (
                "Issues of type '{type}' do not show the field '{label}' ({name}); add it to the screens "
                "and the context of that type under Issues, Custom fields."
            ),
        ),
        "field_unknown": (
            (
                "Jira 没有字段“{label}”，或我们的账号看不到；请在“问题 → 自定义字段”中核对，或在映射"
                "中改写名称或 ID（customfield_…）。"
            ),
            (
                "Jira has no field '{label}', or our account cannot see it; compare Issues, Custom "
                "fields, or map another name or id (customfield_…)."
            ),
        ),
        "field_ambiguous": (
            "有多个字段叫“{label}”：{ids}；请在映射中改写其中一个的 ID。",
            "Several fields are called '{label}': {ids}; write the id of one of them into the mapping.",
        ),
        "no_version_right": (
            (
                "我们的账号不能在项目“{project}”中新建版本“{version}”；请在“项目设置 → 人员”中给予管理员"
                "角色，或自行新建该版本。"
            ),
            (
                "Our account may not create the version '{version}' in project '{project}'; give it the "
                "administrator's role under Project settings, People, or create the version yourself."
            ),
        ),
        "no_project": (
            (
                "产品“{product}”的项目“{project}”不存在或我们的账号看不到；请在配置中改正项目键，或在"
                "“项目设置 → 人员”中加入该账号。"
            ),
            (
                "The project '{project}' of product '{product}' does not exist or our account cannot see "
                "it; correct its key in the configuration, or add the account under Project settings, "
                "People."
            ),
        ),
        "no_type": (
            "项目“{project}”没有问题类型“{type}”；请在“项目设置 → 问题类型”中加入。",
            "Project '{project}' has no issue type '{type}'; add it under Project settings, Issue types.",
        ),
        "no_origin": (
            (
                "“{type}”的创建界面上没有字段“{label}”（来源标识），无法保证只建一个问题；请在“问题 "
                "→ 自定义字段”中把它加入创建界面。"
            ),
            (
                "The create screen of '{type}' lacks the field '{label}' (origin), without which the "
                "issue might be made twice; add it to that screen under Issues, Custom fields."
            ),
        ),
        "check.key": (
            (
                "{url} 不接受我们的令牌（{cause}）；Cloud 请核对邮箱并在 id.atlassian.com 的“安全 → "
                "API 令牌”中新建（最长一年有效，限定范围的令牌须用网关地址）；Data Center 请在“个人资料"
                " → 个人访问令牌”中新建，若要求验证码，请先用该账号登录一次。"
            ),
            (
                "{url} does not accept our token ({cause}); Cloud: compare the e-mail address and make a "
                "new one at id.atlassian.com, Security, API tokens (valid for a year at most; a scoped "
                "one needs the gateway's address); Data Center: make one under Profile, Personal Access "
                "Tokens, and sign in once as that account if a CAPTCHA is asked for."
            ),
        ),
        "check.unreachable": (
            "无法访问 {url}：{cause}；请检查网址、网络和服务器。",
            "{url} cannot be reached: {cause}; see to the address, the network and the server.",
        ),
        "check.edition": (
            "该站点是 Jira {found}，与配置中的 edition 不符；请改为 cloud 或 data_center。",
            (
                "The site is Jira {found}, which is not the edition in the configuration; write cloud or "
                "data_center."
            ),
        ),
        "check.clock": (
            "本机与 Jira 的时钟相差 {seconds} 秒；请为本机设置时间同步。",
            "Our clock and Jira's differ by {seconds} seconds; let this machine's clock be synchronised.",
        ),
        "check.admin": (
            "令牌属于管理员“{account}”；请改用权限最小的专用账号。",
            (
                "The token belongs to the administrator '{account}'; use an account of its own with the "
                "least permissions."
            ),
        ),
        "check.permission": (
            ("账号“{account}”在项目“{project}”中缺少权限“{permission}”；请在“项目设置 → 权限”中授予其角色。"),
            (
                "Account '{account}' lacks the permission '{permission}' in project '{project}'; grant "
                "it to its role under Project settings, Permissions."
            ),
        ),
        "check.link_type": (
            (
                "Jira 没有链接类型“{name}”；请在“系统 → 问题链接”中新建，或在该站点的 link_type 中改"
                "用已有的名称。"
            ),
            (
                "Jira has no link type '{name}'; create it under System, Issue linking, or name another "
                "one as link_type of this site."
            ),
        ),
        "check.format": (
            (
                "字段“{label}”的类型是 {found}，应为 {wanted}；请在“问题 → 自定义字段”中另建一个正确"
                "类型的字段，或改用其他映射。"
            ),
            (
                "The field '{label}' has the type {found} instead of {wanted}; create one of the right "
                "type under Issues, Custom fields, or map another one."
            ),
        ),
        "check.namesake": (
            (
                "有多个字段叫“{label}”，Data Center 的变更记录只写名称，分不清改的是哪个；请在“问题 →"
                " 自定义字段”中改名。"
            ),
            (
                "Several fields are called '{label}', and a changelog of Data Center gives the name "
                "only; rename one of them under Issues, Custom fields."
            ),
        ),
        "check.choices": (
            "字段“{label}”缺少选项：{missing}；请在“问题 → 自定义字段 → 上下文”中补充。",
            (
                "The field '{label}' lacks the options {missing}; add them under Issues, Custom fields, "
                "Contexts."
            ),
        ),
        "check.no_sample": (
            "项目“{project}”还没有“{type}”的问题，其编辑界面和工作流尚未检查；请新建一个后重新检查。",
            (
                "Project '{project}' has no issue of type '{type}' yet, so that edit screen and workflow "
                "went unchecked; create one and check again."
            ),
        ),
        "check.workflow": (
            (
                "账号“{account}”不能把 {key}（“{type}”，现为“{status}”）移到：{missing}；请在“项目"
                "设置 → 工作流”中为这些状态加上其角色可用的转换（“任何状态”最简单）。"
            ),
            (
                "Account '{account}' cannot move {key} ('{type}', now '{status}') to {missing}; add "
                "transitions to them that its role may use under Project settings, Workflows ('any "
                "status' is simplest)."
            ),
        ),
    }
)

# a permission that our account needs, and what Jira's page of permissions calls it
_PERMISSIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "BROWSE_PROJECTS": ("浏览项目", "Browse Projects"),
        "CREATE_ISSUES": ("创建问题", "Create Issues"),
        "EDIT_ISSUES": ("编辑问题", "Edit Issues"),
        "TRANSITION_ISSUES": ("转换问题", "Transition Issues"),
        "ASSIGN_ISSUES": ("分配问题", "Assign Issues"),
        "LINK_ISSUES": ("链接问题", "Link Issues"),
        "ADD_COMMENTS": ("添加评论", "Add Comments"),
        "EDIT_OWN_COMMENTS": ("编辑自己的评论", "Edit Own Comments"),
        "CREATE_ATTACHMENTS": ("创建附件", "Create Attachments"),
        "VIEW_VOTERS_AND_WATCHERS": ("查看投票者和关注者", "View Voters and Watchers"),
        "MANAGE_WATCHERS": ("管理关注者列表", "Manage Watchers"),
    }
)
_FOR_VERSIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"ADMINISTER_PROJECTS": ("管理项目", "Administer Projects")}
)


def permissions(language: str, *, makes_versions: bool) -> Mapping[str, str]:
    """Return by Jira's key what our account needs, in words; making a version (M11) needs one more."""
    needed = {**_PERMISSIONS, **_FOR_VERSIONS} if makes_versions else _PERMISSIONS
    return in_language(needed, language)


def in_language(entries: Mapping[str, tuple[str, str]], language: str) -> Mapping[str, str]:
    """Pick one language of pairs (Chinese, English)."""
    return {key: pair[language == "en"] for key, pair in entries.items()}


def wording(language: str) -> Texts:
    """Return this adapter's sentences in ``zh`` or ``en``."""
    return Texts(language, in_language({**_SENTENCES, **SENTENCES}, language))
