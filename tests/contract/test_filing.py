"""A request is filed in the name of the person who took it down, once, whatever breaks off meanwhile."""

from typing import Any
from uuid import uuid4

import pytest

from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.memory_identity import MemoryIdentity
from tests.builders import SERVICE
from tests.contract.offices import FailingRedmine, Office, jira_office
from tests.contract.worlds import OTHER_PRODUCT, PRODUCT

FIELDS = (
    (Field.CUSTOMER, "恒通机械有限公司"),
    (Field.CONTACT, "李建国 010-5550 3311"),
    (Field.RECEIVED_AT, "2026-11-22 09:30"),
    (Field.CHANNEL, "phone"),
    (Field.REQUEST_KIND, "complaint"),
)


def a_call(product: str = PRODUCT) -> EnsureIssue:
    kind, words = IssueKind.SERVICE_REQUEST, "第一行\n第二行"
    return EnsureIssue(f"entry:{uuid4().hex}", kind, product, "来电：开票失败", words, FIELDS)


def all_filed(world: Any, origin: str) -> list[Any]:
    seen = {one.ref for one in world.site.changed_since(None)}
    return [ref for ref in seen if world.site.fetch(ref).value(Field.ORIGIN) == origin]


def test_the_request_is_the_persons_own_with_everything_they_said(office: Office) -> None:
    wanted = a_call()
    issue = office.world.site.fetch(office.identity.file(office.key, wanted))
    assert (issue.author, issue.kind, issue.stage) == (SERVICE, wanted.kind, Stage.REGISTERED)
    assert (issue.title, issue.description, issue.product) == (wanted.title, wanted.description, PRODUCT)
    assert issue.fields == {**dict(FIELDS), Field.ORIGIN: wanted.origin}


def test_filed_again_it_is_still_one(office: Office) -> None:
    wanted = a_call()
    refs = {office.identity.file(office.key, wanted) for _ in range(3)}
    assert len(refs) == 1
    assert all_filed(office.world, wanted.origin) == [*refs]


def test_an_answer_that_was_lost_makes_no_second_one(office: Office) -> None:
    wanted = a_call()
    office.lose_the_next_answer()
    with pytest.raises(TransientError):
        office.identity.file(office.key, wanted)
    ref = office.identity.file(office.key, wanted)
    assert all_filed(office.world, wanted.origin) == [ref]


def test_what_the_site_does_not_let_the_person_do_is_refused(office: Office) -> None:
    wanted = a_call(OTHER_PRODUCT if isinstance(office.identity, MemoryIdentity) else "nothing")
    with pytest.raises(TerminalError):
        office.identity.file(office.key, wanted)
    assert all_filed(office.world, wanted.origin) == []


def test_a_key_that_is_none_files_nothing(office: Office) -> None:
    with pytest.raises((TransientError, TerminalError)):
        office.identity.file("vouched:admin", a_call())


def test_fields_that_the_role_may_not_fill_in_are_written_for_the_person() -> None:
    redmine = FailingRedmine()
    with redmine as office:
        redmine.dropping = True
        wanted = a_call()
        issue = office.world.site.fetch(office.identity.file(office.key, wanted))
        assert issue.author == SERVICE
        assert issue.fields == {**dict(FIELDS), Field.ORIGIN: wanted.origin}
        assert office.identity.file(office.key, wanted) == issue.ref


def test_on_cloud_nothing_is_made_again_before_the_search_can_know() -> None:
    with jira_office("cloud") as office:
        office.lose_the_next_answer()
        with pytest.raises(TransientError) as raised:
            office.identity.file(office.key, a_call())
    assert (raised.value.retry_after or 0) >= 60
