"""Why a request is refused, in Redmine's English for programs and in Chinese for the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

LABELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "project_id": ("项目", "Project"),
    "tracker_id": ("跟踪", "Tracker"),
    "status_id": ("状态", "Status"),
    "priority_id": ("优先级", "Priority"),
    "assigned_to_id": ("指派给", "Assignee"),
    "fixed_version_id": ("目标版本", "Target version"),
    "parent_issue_id": ("父任务", "Parent task"),
    "parent_id": ("父任务", "Parent task"),
    "child_id": ("子任务", "Subtask"),
    "subject": ("主题", "Subject"),
    "description": ("描述", "Description"),
    "start_date": ("开始日期", "Start date"),
    "due_date": ("计划完成日期", "Due date"),
    "done_ratio": ("% 完成", "% Done"),
    "estimated_hours": ("预期时间", "Estimated time"),
    "is_private": ("私有", "Private"),
    "created_on": ("创建于", "Created"),
    "updated_on": ("更新于", "Updated"),
    "closed_on": ("结束日期", "Closed"),
    "issue_id": ("问题", "Issue"),
    "issue_to_id": ("相关问题", "Related issue"),
    "relation_type": ("关联类型", "Relation type"),
    "user_id": ("用户", "User"),
    "activity_id": ("活动", "Activity"),
    "hours": ("小时", "Hours"),
    "spent_on": ("日期", "Date"),
    "name": ("名称", "Name"),
    "status": ("状态", "Status"),
    "sharing": ("共享", "Sharing"),
    "author_id": ("作者", "Author"),
})  # fmt: skip

REASONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "blank": ("不能为空", "cannot be blank"),
    "invalid": ("无效", "is invalid"),
    "inclusion": ("不在列表中", "is not included in the list"),
    "not_a_number": ("不是数字", "is not a number"),
    "not_a_date": ("不是有效的日期", "is not a valid date"),
    "taken": ("已经存在", "has already been taken"),
    "too_long": ("太长(最多 255 个字符)", "is too long (maximum is 255 characters)"),
    "before_start": ("必须晚于开始日期", "must be greater than start date"),
    "closed_parent": (
        "未结束的问题不能挂在已结束的父任务下",
        "An open issue cannot be attached to a closed parent task",
    ),
    "descendant": ("不能关联父任务或子任务", "An issue cannot be linked to one of its subtasks"),
    "circular": ("这个关联会形成循环", "This relation would create a circular dependency"),
    "too_big": (
        "文件超过上限 20 MB",
        "This file cannot be uploaded because it exceeds the maximum allowed file size (20 MB)",
    ),
    "not_saved": ("有文件未能保存", "1 file(s) could not be saved."),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: `field` is an attribute, a custom field's name or "" for all, `reason` a key above."""

    field: str
    reason: str

    def text(self, *, chinese: bool = False) -> str:
        """The sentence, by default as Redmine's REST says it in English."""
        index = 0 if chinese else 1
        reason = REASONS[self.reason][index]
        if not self.field:
            return reason
        label = LABELS[self.field][index] if self.field in LABELS else self.field
        return f"{label}{'' if chinese else ' '}{reason}"


class Invalid(Exception):  # noqa: N818 - it is an answer (422), not a failure of ours
    """The request is understood but its content is not acceptable: 422 with the texts of `faults`."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.text() for fault in faults))
        self.faults = faults


class Refused(Exception):  # noqa: N818 - it is an answer (401, 403, 404, ...), not a failure of ours
    """The request ends with `status` and an empty body, as Redmine does."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
