"""Issues made up by chance, of every kind and stage, and some that chance rarely puts together."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, FieldType, IssueKind, Stage
from tests.builders import (
    BOT,
    FINISHED,
    LEADER,
    MAINTAINER,
    MONDAY,
    OUTSIDER,
    SERVICE,
    a_plan,
    an_issue,
    corrective,
    moved,
    perfective,
    set_by,
)

_WORK = IssueKind.MAINTENANCE
_CLASSES = FIELD_SPECS[Field.MAINTENANCE_CLASS].choices

PEOPLE = st.sampled_from([SERVICE, MAINTAINER, LEADER, OUTSIDER, BOT, "customer"])
_TEXTS = {
    FieldType.LINE: st.sampled_from(["", "5.2.1", "nonsense"]),
    FieldType.TEXT: st.sampled_from(["", " ", "说明"]),
    FieldType.DATE: st.sampled_from(["", "2026-11-20"]),
    FieldType.MOMENT: st.sampled_from(["", "2026-11-20T09:00:00+08:00", "gestern"]),
    FieldType.NUMBER: st.sampled_from(["", "0", "1", "3.5", "40", "-1", "viel"]),
    FieldType.YES_NO: st.sampled_from(["", "yes", "no"]),
    FieldType.PERSON: PEOPLE,
}


# what people write into these fields decides more than their type tells
_WORDS: dict[Field, list[str]] = {
    Field.CUSTOMER: ["", "恒通机械有限公司", "天翼物流有限公司", "海星电子科技有限公司", "nonsense"],
    Field.RECEIVED_AT: [
        "",
        "2026-11-20 09:00",
        "2026-11-02",
        "2028-06-01",
        "2024-01-02",
        "0001-01-01",
        "gestern",
    ],
    Field.PERIOD: ["", "2026-Q4", "2026-10", "2025", "nonsense"],
    Field.ORIGIN: ["", "M32@main/2", "M32@main/1"],
    Field.WAIVER: [
        "",
        "M51 客户停产",
        "M23 2026-11-22 过期",
        "M19 2026-12-31 试用\nM40 不行",
        "随便",
        "M03 9999-12-31 x",
    ],
}
_UNREAD = {
    Field.CONTACT,
    Field.TRAVEL_NOTE,
    Field.MAINTENANCE_TYPE,
    Field.SCORE_PRODUCT,
}  # a few that no rule reads
_FIELDS = {name for name in FIELD_SPECS if name not in _UNREAD} | {Field.CONTACT}


def values_of(name: Field) -> st.SearchStrategy[str]:
    spec = FIELD_SPECS[name]
    if name in _WORDS:
        return st.sampled_from(_WORDS[name])
    return st.sampled_from(("", *spec.choices)) if spec.type is FieldType.CHOICE else _TEXTS[spec.type]


@st.composite
def issues(draw: st.DrawFn, kind: IssueKind, key: str) -> Issue:
    """An issue of the kind in any stage, with any fields, set by anybody."""
    names = [name for name, spec in FIELD_SPECS.items() if kind in spec.kinds and name in _FIELDS]
    some = draw(st.sets(st.sampled_from(names), min_size=draw(st.sampled_from([0, len(names) // 2]))))
    fields = {name: value for name in some if (value := draw(values_of(name)))}
    stages = st.sampled_from(STAGES[kind])
    history: list[HistoryEntry] = []
    if kind is _WORK and draw(st.booleans()):  # without a judgement most rules of maintenance are silent
        value = fields[Field.MAINTENANCE_CLASS] = draw(st.sampled_from(_CLASSES))
        change = FieldChange(Field.MAINTENANCE_CLASS, "", value)
        history.append(HistoryEntry(MONDAY, MAINTAINER, changes=(change,)))
    pace = draw(st.sampled_from([timedelta(minutes=1), timedelta(hours=6)]))
    for number in range(draw(st.integers(0, 4))):
        at, account = MONDAY + pace * (number + 1), draw(PEOPLE)
        name = draw(st.sampled_from([*names, Field.MAINTENANCE_CLASS] if kind is _WORK else names))
        new = draw(st.just(fields.get(name, "")) | values_of(name))
        changes = (FieldChange(name, draw(values_of(name)), new),) if draw(st.booleans()) else ()
        moves = (draw(stages), draw(stages)) if draw(st.booleans()) else (None, None)
        history.append(HistoryEntry(at, account, *moves, changes, draw(st.sampled_from(["", "您好"]))))
    rules = st.sampled_from([rule.id for rule in RULES])
    return Issue(
        ref=IssueRef("main", key),
        kind=kind,
        stage=draw(st.none() | stages) if draw(st.integers(0, 9)) == 0 else draw(stages),
        status="?",
        title="t",
        created_at=MONDAY,
        updated_at=MONDAY,
        author=draw(PEOPLE),
        product=draw(st.sampled_from(["erp", "erp", "mes", ""])),
        fields=fields,
        history=tuple(history),
        comments=dict.fromkeys(draw(st.sets(rules, max_size=2)), "earlier words"),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Issue, ...]:
    """One issue of any kind, sometimes with another that it is linked to."""
    kind = draw(st.sampled_from(IssueKind))
    first = draw(issues(kind, "1"))
    if draw(st.booleans()):
        return (first,)
    other = draw(issues(draw(st.sampled_from(IssueKind)), "2"))
    return tuple(_linked(one, two) for one, two in ((first, other), (other, first)))


PLANS = [
    a_plan("service_plan", "2026", key="7"),
    a_plan("maintenance_plan", "2026-11", key="8"),
    a_plan("maintenance_plan", "2027", key="9", product="mes"),
]
AROUND = st.builds(
    lambda plans, work: [*plans, *work],
    st.lists(st.sampled_from(PLANS), unique_by=lambda plan: plan.ref),
    st.lists(issues(IssueKind.MAINTENANCE, "5"), max_size=1),
)


def _linked(one: Issue, two: Issue) -> Issue:
    return replace(one, links=frozenset({two.ref}))


# reopened, handed over, moved, and only then beyond the stage in which nobody asks for the customer
CLOSED_AT_ONCE = an_issue(
    stage=Stage.CLOSED, key="1", fields={Field.REQUEST_KIND: "fault", Field.CUSTOMER: "", Field.CHANNEL: ""}
)


# what has us make something, which chance rarely puts together
VISITED = corrective(
    Stage.SCHEDULED,
    set_by(MAINTAINER, Field.VISIT_NEEDED, "yes"),
    fields={Field.VISIT_NEEDED: "yes", Field.VISIT_AT: "2026-11-23 15:00"},
)
OF_BROAD_VALUE = corrective(Stage.DONE, fields={**FINISHED, Field.BROAD_VALUE: "yes"}, hours=2)
CONVERTED = perfective(Stage.CONVERTED, moved(LEADER, Stage.CONVERTED, frm=Stage.CLASSIFIED))
PLANNED = an_issue(
    IssueKind.DOCUMENT,
    Stage.APPROVED,
    fields={
        Field.DOCUMENT_KIND: "service_plan",
        Field.PERIOD: "2026-Q4",
        Field.APPROVAL_DECISION: "agree",
    },
    history=(moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED),),
)
