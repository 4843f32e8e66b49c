"""How an enforcement explains itself: one comment per rule and issue (rule 17 of the process design)."""

from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.plan import Change, Finding, PutComment
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.vocabulary import STAGES, Stage


def explained(seen: Snapshot, policy: Policy, rule: str, fact: str, *changes: Change) -> Finding:
    """Return a finding whose comment names clause, seed's words, fact, deed, remedy and who may waive (M73).

    A rule that only warns must not claim a deed: its comment says that nothing was changed.
    """
    texts = seen.texts
    enforced = policy.mode(rule) is Mode.ENFORCED
    text = texts.say(
        "comment.body",
        clause=texts.say(f"{rule}.clause"),
        fact=fact,
        done=texts.say(f"{rule}.done" if enforced else "comment.warned"),
        remedy=texts.say(f"{rule}.remedy"),
        waiver=texts.say(f"{rule}.waiver"),
    )
    return Finding(rule, fact, (*changes, PutComment(rule, text)))


def settled(seen: Snapshot, rule: str) -> PutComment:
    """Return the comment that replaces a demand which has been met."""
    texts = seen.texts
    return PutComment(rule, texts.say("comment.settled", clause=texts.say(f"{rule}.clause")))


def came_from(issue: Issue) -> Stage | None:
    """Return the stage from which the issue was last moved into its present one.

    An issue that was created where it stands came from the first stage of its kind.
    """
    for entry in reversed(issue.history):
        if entry.moved_to is issue.stage and entry.moved_to is not entry.moved_from:
            return entry.moved_from or _first_stage(issue)
    return _first_stage(issue)


def _first_stage(issue: Issue) -> Stage | None:
    return STAGES[issue.kind][0] if issue.kind else None
