"""What every site must do alike when we make tasks and versions: dated, named, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from svc_plugin.domain.model import FieldChange, IssueRef, ProductVersion
from svc_plugin.domain.plan import EnsureIssue, EnsureVersion, SetField
from svc_plugin.domain.vocabulary import Field, IssueKind
from tests.builders import BOT, MAINTAINER
from tests.contract.worlds import PRODUCT, World


def a_visit(owner: IssueRef, due_on: str) -> EnsureIssue:
    fields = ((Field.TASK_KIND, "visit"), (Field.CUSTOMER, "北方物流"), (Field.DUE_ON, due_on))
    return EnsureIssue(
        f"M33@{owner}", IssueKind.SERVICE_TASK, PRODUCT, "现场服务", "第一行", fields, MAINTAINER
    )


def a_version(ref: IssueRef, name: str = "") -> EnsureVersion:
    """A version for an issue, under a name that no other test has used."""
    return EnsureVersion(f"M11@{ref}", PRODUCT, name or f"重写报表 {uuid4().hex[:12]}", "第一行\n第二行 🙂")


def made_for(world: World, wanted: EnsureVersion) -> list[ProductVersion]:
    return [one for one in world.site.versions(PRODUCT, holding=wanted.name) if one.name == wanted.name]


class CreationContract:
    def test_a_task_is_made_with_its_due_date_also_a_past_one(self, world: World) -> None:
        for due in ("2020-02-29", "2099-12-31"):
            ref = world.create(IssueKind.MAINTENANCE)
            wanted = a_visit(ref, due)
            for _ in range(2):
                world.site.apply(ref, [wanted])
            (task,) = world.site.fetch(ref).links
            assert world.site.fetch(task).fields == {**dict(wanted.fields), Field.ORIGIN: wanted.origin}

    def test_a_due_date_is_written_changed_and_emptied(self, world: World) -> None:
        ref = world.create(IssueKind.SERVICE_TASK)
        for old, new in (("", "2099-03-31"), ("2099-03-31", "2099-04-30"), ("2099-04-30", "")):
            world.site.apply(ref, [SetField(Field.DUE_ON, new)])
            issue = world.site.fetch(ref)
            assert issue.value(Field.DUE_ON) == new
            assert issue.history[-1].changes == (FieldChange(Field.DUE_ON, old, new),)
            assert issue.history[-1].account == BOT

    def test_a_version_that_a_person_just_made_is_seen(self, world: World) -> None:
        world.site.versions(PRODUCT)
        name = f"5.2 {uuid4().hex[:12]}"
        world.release(name)
        (found,) = (one for one in world.site.versions(PRODUCT, holding=name) if one.name == name)
        assert found.origin == ""
        assert found.url

    def test_a_version_is_made_once_with_the_issue_it_is_for(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        for _ in range(2):
            world.site.apply(ref, [wanted])
        (found,) = made_for(world, wanted)
        assert found.origin == wanted.origin
        assert found.url

    def test_under_another_name_the_version_of_an_issue_is_not_made_again(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        first, second = a_version(ref), a_version(ref)
        world.site.apply(ref, [first])
        world.site.apply(ref, [second])
        assert len(made_for(world, first)) == 1
        assert made_for(world, second) == []

    def test_a_version_that_a_person_made_under_the_name_is_taken(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        world.release(wanted.name)
        world.site.apply(ref, [wanted])
        (found,) = made_for(world, wanted)
        assert found.origin == ""

    def test_two_threads_make_one_version(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: world.site.apply(ref, [wanted]), range(2)))
        assert len(made_for(world, wanted)) == 1

    def test_an_issue_can_name_the_version_that_was_made_with_it(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        world.site.apply(ref, [wanted, SetField(Field.FIXED_VERSION, wanted.name)])
        assert world.site.fetch(ref).value(Field.FIXED_VERSION) == wanted.name
