"""How we move issues of a Jira and link them to our pages: in which requests, and what a workflow permits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Assign, PutComment, SetField, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Write
from svc_plugin.standins.jira import Mode
from tests.builders import MAINTAINER, SERVICE
from tests.contract.jira_kit import JiraWorld, a_jira
from tests.contract.test_site_contract import a_fault, linked


@pytest.fixture
def jira(mode: Mode) -> Iterator[tuple[JiraWorld, list[str]]]:
    with a_jira(mode) as (world, asked):
        yield world, asked


MOVES: list[Write] = [
    SetStage(Stage.IN_WORK),
    SetField(Field.MAINTENANCE_CLASS, "corrective"),
    Assign(MAINTAINER),
    PutComment("M50", "已判断"),
]


def classified(world: JiraWorld) -> IssueRef:
    ref = world.create(IssueKind.MAINTENANCE)
    world.site.apply(ref, [SetStage(Stage.CLASSIFIED)])
    return ref


def test_a_read_and_a_write_move_with_fields_assignee_and_comment_where_the_screen_has_them(
    jira: tuple[JiraWorld, list[str]],
) -> None:
    world, asked = jira
    first, second = classified(world), classified(world)
    for ref in (first, second):
        asked.clear()
        world.site.apply(ref, MOVES)
        # what is on the screen of a step is asked once
        screen = [f"GET /issue/{ref.key}/transitions"] if ref == first else []
        assert asked == [f"GET /issue/{ref.key}", *screen, f"POST /issue/{ref.key}/transitions"]
        issue = world.site.fetch(ref)
        assert (issue.stage, issue.assignee, issue.comments) == (Stage.IN_WORK, MAINTAINER, {"M50": "已判断"})
        assert issue.value(Field.MAINTENANCE_CLASS) == "corrective"


def test_a_screen_that_lost_a_field_is_looked_at_again(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    first, second = classified(world), classified(world)
    world.site.apply(first, MOVES)
    field = world.fields[world.mapping.fields[Field.MAINTENANCE_CLASS]]
    types = world.standin.catalogue.types
    number = world.standin.state.issues[int(first.key)].type_id
    moves = types[number].transitions
    without_field = (
        replace(move, screen=tuple(one for one in move.screen if one != field)) for move in moves
    )
    types[number] = replace(types[number], transitions=tuple(without_field))
    with pytest.raises(TransientError):
        world.site.apply(second, MOVES)
    asked.clear()
    world.site.apply(second, MOVES)
    assert f"PUT /issue/{second.key}" in asked
    issue = world.site.fetch(second)
    assert (issue.stage, issue.comments) == (Stage.IN_WORK, {"M50": "已判断"})
    assert issue.value(Field.MAINTENANCE_CLASS) == "corrective"


def test_what_a_move_has_no_screen_for_is_written_before_it(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    ref = classified(world)
    asked.clear()
    world.site.apply(
        ref,
        [SetStage(Stage.SCHEDULED), SetField(Field.MAINTENANCE_CLASS, "corrective"), PutComment("M50", "x")],
    )
    path = f"/issue/{ref.key}"
    # Cloud says whether there is a screen
    screen = [] if world.mode == "cloud" else [f"GET {path}/transitions"]
    assert asked == [f"GET {path}", *screen, f"PUT {path}", f"POST {path}/transitions"]
    issue = world.site.fetch(ref)
    assert (issue.stage, issue.comments) == (Stage.SCHEDULED, {"M50": "x"})


def test_who_writes_at_once_what_was_decided_on_a_read_does_not_read_again(
    jira: tuple[JiraWorld, list[str]],
) -> None:
    world, asked = jira
    ref = world.create(IssueKind.MAINTENANCE)
    seen = world.site.fetch(ref)
    asked.clear()
    world.site.apply(ref, [PutComment("M50", "x")], seen=seen)
    assert asked == [f"PUT /issue/{ref.key}"]
    world.site.apply(ref, [PutComment("M50", "x")], seen=seen)
    assert asked == [f"PUT /issue/{ref.key}", f"GET /issue/{ref.key}"]


def test_an_issue_and_the_one_made_for_it_lead_to_our_pages_about_them(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        ref = world.create()
        site = world.connect(pages_url="https://svc.example.com/")
        for _ in range(2):
            site.apply(ref, [a_fault(ref)])
        for one in (ref, *world.site.fetch(ref).links):
            (link,) = world.ask(SERVICE, "get", f"/issue/{one.key}/remotelink")
            assert link["object"]["url"] == f"https://svc.example.com/issues/main/{one.key}"


def test_a_jira_that_takes_no_remote_links_is_not_held_up_by_it(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        ref = world.create()
        world.fault(method="POST", path="/remotelink$", status=403, times=9)
        world.connect(pages_url="https://svc.example.com").apply(ref, [a_fault(ref)])
        assert len(linked(world, ref)) == 1
