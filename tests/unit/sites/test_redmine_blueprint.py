"""The blueprint against the domain: whatever a rule may want the bot can do, and people can err."""

from typing import Any

import pytest

from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, FieldType, IssueKind, Stage
from svc_plugin.sites.redmine import blueprint
from tests.builders import example

MAPPING = example().sites["main"].mapping
PLAN = blueprint(MAPPING, "zh", {"erp": "远航企业管理系统"})


def moves(role: str, kind: IssueKind) -> set[tuple[str, str]]:
    tracker = MAPPING.kinds[kind].issue_type
    return {
        (old, new)
        for one in PLAN["workflow"]
        if (one["role"], one["tracker"]) == (role, tracker)
        for old, new in one["moves"]
    }


def named(section: str, name: str) -> dict[str, Any]:
    return next(one for one in PLAN[section] if one["name"] == name)


@pytest.mark.parametrize("kind", IssueKind)
def test_the_bot_can_make_every_move_and_create(kind: IssueKind) -> None:
    statuses = [MAPPING.kinds[kind].statuses[stage] for stage in STAGES[kind]]
    every = {(old, new) for old in statuses for new in statuses if old != new}
    assert moves("服务机器人", kind) == {("", statuses[0])} | every


def test_people_can_do_what_the_rules_send_back() -> None:
    request = MAPPING.kinds[IssueKind.SERVICE_REQUEST].statuses
    work = MAPPING.kinds[IssueKind.MAINTENANCE].statuses
    closing = {(request[stage], request[Stage.CLOSED]) for stage in STAGES[IssueKind.SERVICE_REQUEST][:-1]}
    assert closing <= moves("服务人员", IssueKind.SERVICE_REQUEST)
    assert {
        (work[Stage.REGISTERED], work[Stage.IN_WORK]),
        (work[Stage.AWAITING_DECISION], work[Stage.SCHEDULED]),
        (work[Stage.CLASSIFIED], work[Stage.REJECTED]),
        (work[Stage.DONE], work[Stage.CLOSED]),
    } <= moves("维护人员", IssueKind.MAINTENANCE)


@pytest.mark.parametrize("kind", IssueKind)
def test_every_stage_can_be_reached_by_people(kind: IssueKind) -> None:
    known = moves("机构领导", kind)
    reached = {""}
    for _ in STAGES[kind]:
        reached |= {new for old, new in known if old in reached}
    assert reached - {""} == set(MAPPING.kinds[kind].statuses.values())


def test_everybody_can_create_every_kind() -> None:
    for role in PLAN["roles"]:
        for kind in IssueKind:
            first = MAPPING.kinds[kind].statuses[STAGES[kind][0]]
            assert ("", first) in moves(role["name"], kind)


@pytest.mark.parametrize("name", [name for name in Field if name is not Field.DUE_ON])
def test_every_field_stands_where_the_process_needs_it(name: Field) -> None:
    one = named("custom_fields", MAPPING.fields[name])
    assert one["trackers"] == [MAPPING.kinds[kind].issue_type for kind in FIELD_SPECS[name].kinds]
    assert one["possible_values"] == [MAPPING.to_site(name, choice) for choice in FIELD_SPECS[name].choices]
    assert (one["format"] == "list") == (FIELD_SPECS[name].type is FieldType.CHOICE)


def test_due_dates_stand_in_redmines_own_calendar() -> None:
    assert Field.DUE_ON not in MAPPING.fields


def test_the_origin_can_be_searched() -> None:
    assert named("custom_fields", "来源标识")["is_filter"] is True


def test_a_status_closes_only_where_it_ends_every_kind_that_uses_it() -> None:
    closed = {one["name"] for one in PLAN["statuses"] if one["is_closed"]}
    assert closed == {"已关闭", "不执行", "转新项目", "已批准", "不同意", "已作废"}
    assert len({one["name"] for one in PLAN["statuses"]}) == len(PLAN["statuses"])


def test_the_bot_may_do_little_and_is_never_assigned() -> None:
    bot = named("roles", "服务机器人")
    assert bot["assignable"] is False
    assert not {"delete_issues", "set_notes_private", "view_private_notes", "manage_members"} & set(
        bot["permissions"]
    )


def test_projects_are_named_by_the_register_or_else_by_key() -> None:
    names = {one["identifier"]: one["name"] for one in PLAN["projects"]}
    assert (names["erp"], names["mes"]) == ("远航企业管理系统", "mes")


def test_english_names_are_english() -> None:
    english = blueprint(MAPPING, "en")
    assert english["roles"][0]["name"] == "Service bot"
    assert all(name.isascii() for name in english["activities"])
