"""What this adapter says to people, in Chinese and English; names of pages and switches are Redmine's own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.texts import Texts

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "no_member": (
            "账号“{account}”不是项目“{project}”的成员；请在该项目的“配置 → 成员”中添加。",
            (
                "Account '{account}' is no member of project '{project}'; add it under Settings, "
                "Members of that project."
            ),
        ),
        "no_version": (
            "项目 {project} 没有版本“{version}”；请在该项目的“配置 → 版本”中新建。",
            (
                "Project {project} has no version '{version}'; create it under Settings, Versions of "
                "that project."
            ),
        ),
        "no_version_right": (
            (
                "无法在项目“{project}”中新建版本“{version}”；请在“管理 → 角色和权限”中为我们账号的角色勾选"
                "“{permission}”，或由人新建该版本。"
            ),
            (
                "Version '{version}' cannot be made in project '{project}'; tick '{permission}' for our "
                "account's role under Administration, Roles and permissions, or make the version by hand."
            ),
        ),
        "no_status": (
            "Redmine 没有状态“{status}”；请在“管理 → 问题状态”中新建，或在映射中改用已有的名称。",
            (
                "Redmine has no status '{status}'; create it under Administration, Issue statuses, or "
                "map another name."
            ),
        ),
        "no_field": (
            (
                "跟踪标签“{tracker}”的问题上看不到字段“{label}”({name});请在“管理 → 自定义属性”中为该跟"
                "踪标签启用它。"
            ),
            (
                "Issues of tracker '{tracker}' do not show the field '{label}' ({name}); enable it for "
                "that tracker under Administration, Custom fields."
            ),
        ),
        "no_project": (
            (
                "产品“{product}”的项目“{project}”不存在或我们的账号看不到；请在配置中改正项目标识，或把该"
                "账号加入项目成员。"
            ),
            (
                "The project '{project}' of product '{product}' does not exist or our account cannot "
                "see it; correct its identifier in the configuration, or make the account a member."
            ),
        ),
        "no_tracker": (
            "项目“{project}”没有启用跟踪标签“{tracker}”；请在该项目的“配置 → 问题跟踪”中启用。",
            (
                "Project '{project}' does not use the tracker '{tracker}'; enable it under Settings, "
                "Issue tracking of that project."
            ),
        ),
        "no_origin": (
            (
                "跟踪标签“{tracker}”没有字段“{label}”（来源标识），无法保证只建一个问题；请在“管理 → 自定义"
                "属性”中为它启用。"
            ),
            (
                "Tracker '{tracker}' lacks the field '{label}' (origin), without which the issue might "
                "be made twice; enable it for that tracker under Administration, Custom fields."
            ),
        ),
        "no_filter": (
            ("字段“{label}”不能用于过滤，无法查找已建的问题；请在“管理 → 自定义属性”中勾选“作为过滤条件”。"),
            (
                "The field '{label}' cannot be filtered by, so that an issue made before cannot be "
                "found; tick 'Used as a filter' under Administration, Custom fields."
            ),
        ),
        "not_found_again": (
            "已新建来源标识为“{origin}”的问题，但查找不到；请检查我们的账号能否查看全部问题。",
            (
                "An issue with origin '{origin}' was made but cannot be found; see whether our account "
                "may view all issues."
            ),
        ),
        "check.key": (
            (
                "{url} 不接受我们的密钥；请在该账号的“我的帐号 → API访问键”中查看，并确认“管理 → 配置 → A"
                "PI”已启用 REST。"
            ),
            (
                "{url} does not accept our key; compare it with My account, API access key of that "
                "account, and see that REST is enabled under Administration, Settings, API."
            ),
        ),
        "check.unreachable": (
            "无法访问 {url}:{cause};请检查网址、网络和服务器。",
            "{url} cannot be reached: {cause}; see to the address, the network and the server.",
        ),
        "check.admin": (
            "密钥属于管理员“{account}”；请改用权限最小的专用账号。",
            (
                "The key belongs to the administrator '{account}'; use an account of its own with the "
                "least permissions."
            ),
        ),
        "check.tracker": (
            "Redmine 没有跟踪标签“{tracker}”；请在“管理 → 跟踪标签”中新建，或在映射中改用已有的名称。",
            (
                "Redmine has no tracker '{tracker}'; create it under Administration, Trackers, or map "
                "another name."
            ),
        ),
        "check.own_field": (
            (
                "跟踪标签“{tracker}”没有启用标准字段 {field}（{name}）；请在“管理 → 跟踪标签”中启用，"
                "或把它映射到一个自定义属性。"
            ),
            (
                "Tracker '{tracker}' does not use the standard field {field} ({name}); enable it under "
                "Administration, Trackers, or map a custom field."
            ),
        ),
        "check.permission": (
            (
                "账号“{account}”在项目“{project}”中缺少权限“{permission}”；请在“管理 → 角色和权限”中为其"
                "角色勾选。"
            ),
            (
                "Account '{account}' lacks the permission '{permission}' in project '{project}'; tick "
                "it for its role under Administration, Roles and permissions."
            ),
        ),
        "check.member": (
            (
                "账号“{account}”不是项目“{project}”的成员；请在该项目的“配置 → 成员”中添加，并给予服务机"
                "器人角色。"
            ),
            (
                "Account '{account}' is no member of project '{project}'; add it under Settings, "
                "Members, with the service bot's role."
            ),
        ),
        "check.visibility": (
            (
                "账号“{account}”在项目“{project}”中只能看到一部分{what};请在“管理 → 角色和权限”中把其角"
                "色的可见度改为全部。"
            ),
            (
                "Account '{account}' sees only some of the {what} in project '{project}'; set its "
                "role's visibility to all under Administration, Roles and permissions."
            ),
        ),
        "check.issues": (
            "问题",
            "issues",
        ),
        "check.hours": (
            "工时记录",
            "time entries",
        ),
        "check.no_sample": (
            "还没有“{trackers}”的问题，其字段和工作流程尚未检查；请各新建一个后重新检查。",
            (
                "There is no issue of {trackers} yet, so that fields and workflow went unchecked; "
                "create one of each and check again."
            ),
        ),
        "check.workflow": (
            (
                "账号“{account}”不能移动“{tracker}”的问题 {key};请在“管理 → 工作流程”中为其角色允许该跟"
                "踪标签的全部转换。"
            ),
            (
                "Account '{account}' cannot move issue {key} of tracker '{tracker}'; allow its role "
                "every transition of that tracker under Administration, Workflow."
            ),
        ),
        "check.format": (
            (
                "字段“{label}”的格式是 {found},应为 {wanted};请在“管理 → 自定义属性”中另建一个正确格式"
                "的字段，或改用其他映射。"
            ),
            (
                "The field '{label}' has the format {found} instead of {wanted}; create one of the "
                "right format under Administration, Custom fields, or map another one."
            ),
        ),
        "check.choices": (
            "字段“{label}”缺少选项：{missing}；请在“管理 → 自定义属性”中补充。",
            (
                "The field '{label}' lacks the choices {missing}; add them under Administration, "
                "Custom fields."
            ),
        ),
    }
)

# a permission that our account needs, and what Redmine's page of roles calls it
PERMISSIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "view_issues": ("查看问题", "View Issues"),
        "add_issues": ("新建问题", "Add issues"),
        "edit_issues": ("更新问题", "Edit issues"),
        "add_issue_notes": ("添加说明", "Add notes"),
        "edit_own_issue_notes": ("编辑自己的说明", "Edit own notes"),
        "manage_issue_relations": ("管理问题关联", "Manage issue relations"),
        "view_issue_watchers": ("查看关注者列表", "View watchers list"),
        "add_issue_watchers": ("添加关注者", "Add watchers"),
        "manage_versions": ("管理版本", "Manage versions"),
        "view_time_entries": ("查看耗时", "View spent time"),
    }
)


def in_language(entries: Mapping[str, tuple[str, str]], language: str) -> Mapping[str, str]:
    """Pick one language of pairs (Chinese, English)."""
    return {key: pair[language == "en"] for key, pair in entries.items()}


def wording(language: str) -> Texts:
    """Return this adapter's sentences in ``zh`` or ``en``."""
    return Texts(language, in_language(_SENTENCES, language))
