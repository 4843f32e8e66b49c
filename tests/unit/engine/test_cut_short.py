"""What a broken line cut short is done and said to its end: files, comments, steps of the ladder."""

from collections.abc import Callable
from functools import partial

import pytest

from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import Attach, PutComment
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.engine.ports import Write
from svc_plugin.engine.reconciler import DOCUMENT
from tests.unit.engine.world import DOWN, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_document_whose_comment_the_broken_line_swallowed_is_told_of_later(world: World) -> None:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    ref = world.create(IssueKind.DOCUMENT, fields=fields)
    world.hook(ref)
    apply = world.site.apply

    def line_breaks(ref: IssueRef, writes: list[Write], *, seen: Issue | None = None) -> None:
        apply(ref, [write for write in writes if isinstance(write, Attach)])
        raise DOWN

    world.site.apply = line_breaks  # type: ignore[method-assign, assignment]
    assert [result.state for result in world.drain()] == ["retry"]
    world.site.apply = apply  # type: ignore[method-assign]
    assert DOCUMENT not in world.issue(ref).comments
    world.clock.later(minutes=1)
    world.settle()
    (attached,) = world.issue(ref).attachments
    assert attached in world.issue(ref).comments[DOCUMENT]
    assert world.ledger.begun(ref) is None


def test_a_step_of_the_ladder_that_the_broken_line_cut_short_is_taken_to_its_end() -> None:
    watchers: list[frozenset[str]] = []
    for kept in (9, 2, 1):  # writes that come through before the line breaks; all of them, then fewer
        world = World()
        ref = world.create(fields={Field.REQUEST_KIND: "request", Field.CHANNEL: "email"})
        world.clock.later(days=7)
        apply, world.site.apply = world.site.apply, partial(cut_short, world.site.apply, kept)  # type: ignore[method-assign]
        world.hook(ref)
        world.drain()
        world.site.apply = apply  # type: ignore[method-assign]
        world.clock.later(minutes=1)
        world.settle()
        watchers.append(world.issue(ref).watchers)
        assert {"M06-50", "M06-80"} <= world.issue(ref).comments.keys()
    assert watchers[0] == watchers[1] == watchers[2]
    assert len(watchers[0]) > 1


def cut_short(
    apply: Callable[..., None],
    kept: int,
    ref: IssueRef,
    writes: list[Write],
    *,
    seen: Issue | None = None,
) -> None:
    apply(ref, [one for one in writes if not isinstance(one, PutComment)][-kept:])
    raise DOWN
