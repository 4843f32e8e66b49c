"""How an enforcement explains itself: one comment per rule and issue (rule 17 of the process design)."""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime, tzinfo

from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.plan import Change, Finding, Notification, PutComment, SetStage
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.vocabulary import STAGES, Field, Stage


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


def demanded(
    seen: Snapshot,
    policy: Policy,
    rule: str,
    missing: Sequence[str],
    *,
    gate: Container[Stage],
    shown_in: Container[Stage],
    back: Stage,
) -> Iterator[Finding]:
    """Demand what is ``missing`` (names, in the site's language): the one way in which a stage is guarded.

    In a stage of ``gate`` the issue is sent ``back``. In ``shown_in``, one step before, the list is shown
    before anyone is refused; once shown it stays until it is met.
    """
    if not missing or seen.issue.stage is None:
        return
    fact = seen.texts.say("fact.missing", missing=seen.texts.listed(missing))
    if seen.issue.stage in gate:
        yield explained(seen, policy, rule, fact, SetStage(back))
    elif seen.issue.stage in shown_in or rule in seen.issue.comments:
        yield explained(seen, policy, rule, fact)


def settled(seen: Snapshot, rule: str) -> PutComment:
    """Return the comment that replaces a demand which has been met."""
    texts = seen.texts
    return PutComment(rule, texts.say("comment.settled", clause=texts.say(f"{rule}.clause")))


def waived(seen: Snapshot, rule: str) -> PutComment:
    """Return the comment that replaces a demand which the leader has set aside."""
    texts = seen.texts
    return PutComment(rule, texts.say("comment.waived", clause=texts.say(f"{rule}.clause")))


def notified(
    seen: Snapshot, marker: str, accounts: Sequence[str], title: str, fact: str, at: datetime
) -> Notification:
    """Return what ``accounts`` are told beside the issue: which issue, the fact, where to look.

    ``at`` is when it became true, from history.
    """
    issue = seen.issue
    text = seen.texts.say("notification.text", key=issue.shown, title=issue.title, fact=fact, url=issue.url)
    return Notification(marker, tuple(accounts), title, text.strip(), at)


def moment_shown(seen: Snapshot, at: datetime) -> str:
    """Write a moment in the company's time, and in the customer's beside it where the wall clocks differ."""
    texts, zone = seen.texts, customer_zone(seen)
    own = texts.moment(at, seen.registers.calendar.zone)
    theirs = texts.moment(at, zone) if zone else own
    return own if theirs == own else texts.say("moment.both", own=own, theirs=theirs)


def customer_zone(seen: Snapshot) -> tzinfo | None:
    """Return the customer's time zone, None when it is the company's own or the customer is unknown."""
    customer = seen.registers.customer_named(seen.issue.value(Field.CUSTOMER))
    zone = customer.time_zone if customer else None
    return None if zone == seen.registers.calendar.zone else zone


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
