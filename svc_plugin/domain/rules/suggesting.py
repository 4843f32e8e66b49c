"""M27, M50: on intake a kind and a class are suggested with their reason; the judgement stays a person's."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.suggestions import Suggester, by_keywords
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind


def kind_is_suggested(seen: Snapshot, policy: Policy, suggest: Suggester = by_keywords) -> Iterator[Finding]:
    """Suggest the kind of a request while nobody has named it (M27)."""
    if seen.issue.kind is IssueKind.SERVICE_REQUEST:
        yield from _suggested(seen, policy, "M27-suggested", Field.REQUEST_KIND, suggest)


def class_is_suggested(seen: Snapshot, policy: Policy, suggest: Suggester = by_keywords) -> Iterator[Finding]:
    """Suggest the class of a maintenance requirement while nobody has judged it (M50)."""
    if seen.issue.kind is IssueKind.MAINTENANCE:
        yield from _suggested(seen, policy, "M50-suggested", Field.MAINTENANCE_CLASS, suggest)


def _suggested(
    seen: Snapshot, policy: Policy, rule: str, name: Field, suggest: Suggester
) -> Iterator[Finding]:
    issue, texts = seen.issue, seen.texts
    if issue.stage is None or issue.value(name):
        return
    if issue.stage in FINAL_STAGES and rule not in issue.comments:
        return  # too late to begin with; what stands there stands until somebody has judged
    found = suggest(issue, name, policy)
    if found:
        fact = texts.say(
            "suggested.fact",
            field=texts.field(name),
            value=texts.choice(name, found.value),
            words=texts.listed([texts.say("suggested.word", word=word) for word in found.because]),
        )
        yield explained(seen, policy, rule, fact)
