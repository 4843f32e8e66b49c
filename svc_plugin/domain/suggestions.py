"""What a field may be, told from an issue's words: a suggestion with its reason, no judgement (M27, M50)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from svc_plugin.domain.model import Issue
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value of a field, and the words of the issue that speak for it."""

    value: str
    because: tuple[str, ...]


class Suggester(Protocol):
    """Suggests a value from an issue's words: keywords today, a learned model in their place later.

    The same issue and policy must always give the same answer, or the comment would never settle.
    """

    def __call__(self, issue: Issue, name: Field, policy: Policy) -> Suggestion | None: ...


def by_keywords(issue: Issue, name: Field, policy: Policy) -> Suggestion | None:
    """Suggest the value for which most keywords of the policy stand in title and description.

    Of equals the one that the policy names first counts.
    """
    return suggested_by(f"{issue.title}\n{issue.description}", name, policy)


def suggested_by(text: str, name: Field, policy: Policy) -> Suggestion | None:
    """Suggest a value from words that are not an issue yet, as ``by_keywords`` does."""
    found = [Suggestion(one.value, _standing(one.words, text)) for one in policy.suggestions.get(name, ())]
    best = max(found, key=lambda one: len(one.because), default=None)
    return best if best and best.because else None


def _standing(words: Sequence[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if re.search(_pattern(word), text, re.IGNORECASE)))


def _pattern(word: str) -> str:
    # Chinese is written without spaces: only words of letters end where letters end
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
