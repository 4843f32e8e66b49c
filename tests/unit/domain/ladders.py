"""Ladders for tests, and an issue on which plans are carried out until nothing is left to do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue
from svc_plugin.domain.plan import Assign, Change, PutComment, SetField, Watch
from svc_plugin.domain.policy import Ladder, Policy, Step
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.vocabulary import Field
from tests.builders import MONDAY, seen, standard

COMPLAINT = {Field.REQUEST_KIND: "complaint"}  # one hour from 09:00


def minutes(count: float) -> datetime:
    return MONDAY + timedelta(minutes=count)


def carried_out(issue: Issue, changes: Sequence[Change]) -> Issue:
    """The issue after the changes, as a site keeps them."""
    for change in changes:
        match change:
            case Watch(account):
                issue = replace(issue, watchers=issue.watchers | {account})
            case Assign(account):
                issue = replace(issue, assignee=account)
            case SetField(name, value):
                issue = replace(issue, fields={**issue.fields, name: value})
            case PutComment(marker, text):
                issue = replace(issue, comments={**issue.comments, marker: text})
            case _:
                raise AssertionError(change)
    return issue


def settled(issue: Issue, now: datetime, policy: Policy, rules: Sequence[Rule] = RULES) -> Issue:
    """The issue once nothing is left to do, which must be soon."""
    for _ in range(4):
        plan = decide(seen(issue, now=now), policy, rules)
        if not plan:
            return issue
        issue = carried_out(issue, plan.changes)
    raise AssertionError(f"never settles: {plan.changes}")


def laddered(*steps: Step) -> Policy:
    return replace(standard(), escalation=(Ladder(steps),))
