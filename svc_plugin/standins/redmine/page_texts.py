"""Redmine's own words on the pages, in Chinese first and in English: the names of attributes too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from svc_plugin.standins.redmine.faults import LABELS

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    **LABELS,
    "tracker": ("Redmine", "Redmine"),
    "kind": ("跟踪", "Tracker"),
    "all_kinds": ("全部跟踪", "All trackers"),
    "choose_kind": ("选择跟踪", "Choose a tracker"),
    "hours": ("耗时", "Spent time"),
    "relates": ("关联到", "Related to"),
    "duplicates": ("重复", "Is duplicate of"),
    "duplicated": ("与其重复", "Has duplicate"),
    "blocks": ("阻挡", "Blocks"),
    "blocked": ("被阻挡", "Blocked by"),
    "precedes": ("优先于", "Precedes"),
    "follows": ("跟随于", "Follows"),
    "copied_to": ("复制到", "Copied to"),
    "copied_from": ("复制于", "Copied from"),
})  # fmt: skip
