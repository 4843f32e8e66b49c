"""Jira's own words on the pages, in Chinese first and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "tracker": ("Jira", "Jira"),
    "private": ("仅限内部角色", "For the staff's role only"),
    "fixVersions": ("修复版本", "Fix versions"),
    "duedate": ("到期日", "Due date"),
    "priority": ("优先级", "Priority"),
    "worklog": ("工时", "Time spent"),
    "watches": ("关注者", "Watchers"),
    "timespent": ("工时", "Time spent"),
    "attachment": ("附件", "Attachment"),
    "resolution": ("解决结果", "Resolution"),
    "issuelinks": ("链接", "Link"),
    "summary": ("概要", "Summary"),
    "subject": ("概要", "Summary"),
    "no_people": ("计划中没有用户，请在 people 中加入。", "The plan has no people; add some under people."),
})  # fmt: skip
