"""The words on the pages, in Chinese first and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "title": ("{tracker} 替身", "{tracker} stand-in"),
    "banner": (
        "这是随产品附带的 {tracker} 替身，仅供试用：没有密码，请勿存放真实数据。",
        "This stand-in for {tracker} ships with the product, for trying out: no passwords, so no real data.",
    ),
    "project": ("项目", "Project"),
    "kind": ("类型", "Type"),
    "status": ("状态", "Status"),
    "subject": ("主题", "Subject"),
    "description": ("描述", "Description"),
    "assignee": ("指派给", "Assignee"),
    "author": ("作者", "Author"),
    "created": ("创建于", "Created"),
    "updated": ("更新于", "Updated"),
    "acting": ("当前身份", "Acting as"),
    "switch": ("切换", "Switch"),
    "other_language": ("English", "中文"),
    "projects": ("项目", "Projects"),
    "issues": ("问题", "Issues"),
    "all_projects": ("全部项目", "All projects"),
    "all_kinds": ("全部类型", "All types"),
    "open": ("未关闭", "Open"),
    "closed": ("已关闭", "Closed"),
    "all": ("全部", "All"),
    "search": ("主题包含", "Subject contains"),
    "filter": ("筛选", "Filter"),
    "new": ("新建问题", "New issue"),
    "none": ("没有符合条件的问题。", "No issue matches."),
    "no_people": ("蓝图中没有用户，请在 users 中加入。", "The blueprint has no users; add some under users."),
    "count": ("共", "Total"),
    "save": ("保存", "Save"),
    "create": ("创建", "Create"),
    "choose_kind": ("选择类型", "Choose a type"),
    "continue": ("继续", "Continue"),
    "moves": ("可转到", "Move to"),
    "no_moves": ("按工作流，您现在不能改变状态。", "The workflow offers you no other status now."),
    "edit": ("修改", "Edit"),
    "add_note": ("添加说明", "Add a note"),
    "private": ("私有", "Private"),
    "history": ("历史记录", "History"),
    "no_history": ("还没有记录。", "Nothing yet."),
    "relations": ("相关问题", "Related issues"),
    "files": ("文件", "Files"),
    "hours": ("耗时", "Spent time"),
    "subtasks": ("子任务", "Subtasks"),
    "set_to": ("设为", "set to"),
    "changed": ("由", "from"),
    "to": ("改为", "to"),
    "removed": ("已删除", "removed"),
    "changed_text": ("已更新", "changed"),
    "file": ("文件", "File"),
    "nobody": ("(无)", "(nobody)"),
    "empty": ("(空)", "(none)"),
    "back": ("返回列表", "Back to the list"),
    "saved": ("已保存。", "Saved."),
    "status_kept": (
        "状态没有改变：工作流不允许这一步。",
        "The status is unchanged: the workflow does not allow this move.",
    ),
    "forbidden": ("您没有此权限，没有保存。", "You have no permission for this; nothing was saved."),
    "not_found": ("没有这一页，或者您看不到它。", "There is no such page, or you may not see it."),
    "login_text": (
        "请先登录？替身没有密码：请在上方选择身份;程序请带上 API 密钥。",
        "Log in? The stand-in has no passwords: choose a person above; a program sends its API key.",
    ),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
})  # fmt: skip


def words_of(own: Mapping[str, tuple[str, str]], *, chinese: bool) -> dict[str, str]:
    """All words of one language, those of a tracker among them; it is called what ``tracker`` says."""
    index = 0 if chinese else 1
    found = {key: pair[index] for key, pair in {**TEXTS, **own}.items()}
    called = {key: found[key].format(tracker=found["tracker"]) for key in ("title", "banner")}
    return found | called
