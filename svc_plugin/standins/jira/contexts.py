"""Where a custom field is there: its contexts, each for some projects or all, and for some types or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Context:
    """One context: ``projects`` are ids, ``types`` names, none of them means all; ``options`` are ids."""

    id: str
    name: str
    projects: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    options: list[str] = field(default_factory=list[str])


def context_for(contexts: Sequence[Context], project: str) -> Context | None:
    """The context that counts for a project (its id): its own one, else the one for all projects."""
    own = (one for one in contexts if project in one.projects)
    return next(own, next((one for one in contexts if not one.projects), None))


def holds_for(contexts: Sequence[Context], project: str, type_name: str) -> bool:
    """Whether a field with these contexts is there for a type of a project."""
    found = context_for(contexts, project)
    return found is not None and (not found.types or type_name in found.types)
