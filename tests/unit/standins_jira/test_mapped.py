"""The stand-in that a mapping describes holds everything that the mapping names."""

from dataclasses import replace
from typing import Any

import pytest

from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, FieldType, IssueKind, Stage
from svc_plugin.standins.jira import create_app, plan_of, serve, site_of
from svc_plugin.standins.jira.plan import HookPlan, JiraPlan, Member, StatusPlan
from tests.builders import example
from tests.unit.standins_jira.kit import Clock, Receiver, Someone, make_plan, person

KNOWN = replace(example().sites["main"].mapping, projects={"erp": "ERP", "mes": "MES"})
PEOPLE = (person("zhang", admin=True), person("li"))


def run(plan: JiraPlan, mode: Any = "dc") -> tuple[Any, Someone]:
    app = create_app(plan, mode, clock=Clock())
    return site_of(app), Someone(app.test_client(), PEOPLE[1], mode)


def create(li: Someone, kind: IssueKind, **fields: object) -> str:
    body = {
        "project": {"key": "MES"},
        "issuetype": {"name": KNOWN.kinds[kind].issue_type},
        "summary": "x",
        **fields,
    }
    answer = li.send("POST", "/issue", {"fields": body})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def test_every_stage_of_every_kind_can_be_reached() -> None:
    _, li = run(plan_of(KNOWN, PEOPLE))
    for kind, mapped in KNOWN.kinds.items():
        made = create(li, kind)
        assert li.get(f"/issue/{made}").json["fields"]["status"]["name"] == mapped.statuses[STAGES[kind][0]]
        moves = li.get(f"/issue/{made}/transitions").json["transitions"]
        reached = {one["to"]["name"] for one in moves}
        assert reached == {mapped.statuses[stage] for stage in STAGES[kind][1:]}


@pytest.mark.parametrize(
    ("stage", "category"),
    [
        (Stage.REGISTERED, "new"),
        (Stage.IN_WORK, "indeterminate"),
        (Stage.CLOSED, "done"),
        (Stage.DONE, "indeterminate"),
    ],
)
def test_statuses_are_of_their_category(stage: Stage, category: str) -> None:
    site, _ = run(plan_of(KNOWN, PEOPLE))
    name = KNOWN.status_of(IssueKind.MAINTENANCE, stage)
    assert site.catalogue.statuses[site.catalogue.status_id(name)].category == category


def test_a_status_that_ends_one_kind_but_not_another_is_not_done() -> None:
    kinds = dict(KNOWN.kinds)
    task = kinds[IssueKind.SERVICE_TASK]
    closed = KNOWN.status_of(IssueKind.MAINTENANCE, Stage.CLOSED)
    kinds[IssueKind.SERVICE_TASK] = replace(
        task, statuses={**task.statuses, Stage.IN_PROGRESS: closed, Stage.CLOSED: "z"}
    )
    site, _ = run(plan_of(replace(KNOWN, kinds=kinds), PEOPLE))
    assert site.catalogue.statuses[site.catalogue.status_id(closed)].category == "indeterminate"


def test_final_stages_have_a_screen_with_the_fields_of_the_kind() -> None:
    _, li = run(plan_of(KNOWN, PEOPLE))
    made = create(li, IssueKind.MAINTENANCE)
    moves = li.get(f"/issue/{made}/transitions", expand="transitions.fields").json["transitions"]
    screens = {one["to"]["name"]: {field["name"] for field in one["fields"].values()} for one in moves}
    own = {KNOWN.fields[name] for name, spec in FIELD_SPECS.items() if IssueKind.MAINTENANCE in spec.kinds}
    assert screens[KNOWN.status_of(IssueKind.MAINTENANCE, Stage.CLOSED)] >= own
    assert screens[KNOWN.status_of(IssueKind.MAINTENANCE, Stage.IN_WORK)] == set()


def test_every_field_takes_the_values_of_its_type() -> None:
    site, li = run(plan_of(KNOWN, PEOPLE))
    values: dict[FieldType, object] = {
        FieldType.LINE: "x",
        FieldType.TEXT: "一\n二",
        FieldType.DATE: "2026-11-21",
        FieldType.MOMENT: "2026-11-20T09:30:00.000+0800",
        FieldType.NUMBER: 4.5,
        FieldType.YES_NO: {"value": "Yes"},
        FieldType.PERSON: {"name": "li"},
    }
    for kind in KNOWN.kinds:
        given = {}
        for name, spec in FIELD_SPECS.items():
            if kind in spec.kinds and name in KNOWN.fields:
                choice = {"value": KNOWN.to_site(name, spec.choices[0])} if spec.choices else None
                given[site.catalogue.field_id(KNOWN.fields[name])] = choice or values[spec.type]
        told = li.get(f"/issue/{create(li, kind, **given)}").json["fields"]
        assert {name for name in given if told[name] is None} == set()


def test_a_field_can_be_mapped_by_its_id_or_be_jira_s_own() -> None:
    fields = {**KNOWN.fields, Field.ANSWER: "customfield_10333", Field.FIXED_VERSION: "fixVersions"}
    site, _ = run(plan_of(replace(KNOWN, fields=fields), PEOPLE))
    assert site.catalogue.fields["customfield_10333"].name == "answer"
    assert site.catalogue.fields["fixVersions"].custom is False
    assert len({one.name for one in site.catalogue.fields.values()}) == len(site.catalogue.fields)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"members": (Member("ERP", "nobody", "lead"),)}, "nobody"),
        ({"statuses": (StatusPlan("已登记"),)}, "no status '处理中'"),
        ({"fields": ()}, "no field '根本原因'"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_by_name(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        create_app(replace(make_plan(), **change), "cloud", clock=Clock())


def test_what_still_waits_is_delivered_before_the_server_ends(receiver: Receiver) -> None:
    plan = plan_of(KNOWN, PEOPLE, [HookPlan(receiver.url, "s")])
    app = create_app(plan, "dc", clock=Clock())
    with serve(app):
        site_of(app).hooks.faults.delay = 0.1
        create(Someone(app.test_client(), PEOPLE[1], "dc"), IssueKind.SERVICE_REQUEST)
    assert receiver.names() == ["jira:issue_created"]
