"""The steps of the scenarios in Chinese and English, and every scenario as a test.

Who acts is one of the example company's people by name; fields, choices, stages and kinds are called what
the shipped mappings call them. Any name in quotes is that of an issue.
"""

import re
from datetime import datetime, timedelta
from typing import TypeAlias

from pytest_bdd import given, parsers, scenarios, step, then

from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field
from tests.scenarios.play import Play
from tests.scenarios.record import comment_state
from tests.scenarios.words import STATES, company

Table: TypeAlias = list[list[str]]
_ASSIGNEE = {"负责人", "Assignee"}

scenarios("zh", "en")


def says(text: str) -> parsers.re:
    """A sentence with ``{places}``, none of which reaches over a quotation mark."""
    return parsers.re(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^“”\"]+?)", re.escape(text)))


@given(says("规则 {rule} 设为“{mode}”"))
@given(says('rule {rule} is set to "{mode}"'))
def rule_mode(play: Play, rule: str, mode: str) -> None:
    assert rule in {known.id for known in RULES}
    play.modes[rule] = {"提醒": Mode.WARNED, "关闭": Mode.OFF}.get(mode) or Mode(mode)


@given(says("按“{policy}”策略"))
@given(says('the policy is "{policy}"'))
def policy_in_force(play: Play, policy: str) -> None:
    play.settings = company(play.words.language, policy)


@given(says("{product}没有已批准的计划"))
@given(says("{product} has no approved plan"))
def unplanned(play: Play, product: str) -> None:
    play.unplanned.add(play.words.product(product))


@given(says("{person}没有“{training}”的培训记录"))
@given(says('{person} has no record of training in "{training}"'))
def untrained(play: Play, person: str, training: str) -> None:
    kinds = {"产品": "product", "product": "product"}
    play.never_trained(play.words.person(person), kinds.get(training, "customer_handling"))


@given(says("以下内容称为“{entries}”："))
@given(says('these entries are called "{entries}":'))
def entries_called(play: Play, entries: str, datatable: Table) -> None:
    play.sets[entries] = play.words.fields(datatable)


@step(says("时间是 {moment}"))
@step(says("it is {moment}"))
def time_is(play: Play, moment: str) -> None:
    zone = play.settings.registers.calendar.zone
    play.time_passes(datetime.fromisoformat(moment).replace(tzinfo=zone))


@step(says("过了 {count} 分钟"))
@step(says("{count} minutes pass"))
def minutes_pass(play: Play, count: str) -> None:
    play.time_passes(play.world.clock() + timedelta(minutes=int(count)))


@step(says("{person}为{product}登记{kind}“{issue}”："))
@step(says('{person} files the {kind} "{issue}" for {product}:'))
def files(play: Play, person: str, product: str, kind: str, issue: str, datatable: Table) -> None:
    words = play.words
    fields = words.fields([row for row in datatable if row[0] not in _ASSIGNEE])
    assignee = next((words.person(name) for label, name in datatable if label in _ASSIGNEE), "")
    play.file(
        issue,
        words.kind(kind),
        words.product(product),
        author=words.person(person),
        fields=fields,
        assignee=assignee,
    )


@step(says("{person}把“{issue}”移到“{stage}”"))
@step(says('{person} moves "{issue}" to "{stage}"'))
def moves(play: Play, person: str, issue: str, stage: str) -> None:
    play.does(issue, play.words.person(person), stage=play.words.stage(play.kind(issue), stage))


@step(says("{person}把“{issue}”移到未映射的状态"))
@step(says('{person} moves "{issue}" to a status that is not mapped'))
def strands(play: Play, person: str, issue: str) -> None:
    play.strands(issue, play.words.person(person))


@step(says("{person}填写“{issue}”："))
@step(says('{person} fills in "{issue}":'))
def fills_in(play: Play, person: str, issue: str, datatable: Table) -> None:
    play.does(issue, play.words.person(person), fields=play.words.fields(datatable))


@step(says("{person}填写“{issue}”并移到“{stage}”："))
@step(says('{person} fills in "{issue}" and moves it to "{stage}":'))
def fills_in_and_moves(play: Play, person: str, issue: str, stage: str, datatable: Table) -> None:
    words = play.words
    fields = words.fields(datatable)
    play.does(issue, words.person(person), fields=fields, stage=words.stage(play.kind(issue), stage))


@step(says("{person}在“{issue}”填写“{entries}”"))
@step(says('{person} fills in "{issue}" with "{entries}"'))
def fills_in_entries(play: Play, person: str, issue: str, entries: str) -> None:
    play.does(issue, play.words.person(person), fields=play.sets[entries])


@step(says("{person}在“{issue}”公开答复“{note}”"))
@step(says('{person} answers on "{issue}": "{note}"'))
def answers(play: Play, person: str, issue: str, note: str) -> None:
    play.does(issue, play.words.person(person), note=note)


@step(says("{person}在“{issue}”写内部备注“{note}”"))
@step(says('{person} notes privately on "{issue}": "{note}"'))
def notes_privately(play: Play, person: str, issue: str, note: str) -> None:
    play.does(issue, play.words.person(person), note=note, private=True)


@step(says("{person}在“{issue}”登记 {hours} 小时"))
@step(says('{person} books {hours} hours on "{issue}"'))
def books(play: Play, person: str, issue: str, hours: str) -> None:
    play.books(issue, play.words.person(person), float(hours))


@step(says("{person}为{product}建立版本“{version}”"))
@step(says('{person} makes the version "{version}" of {product}'))
def makes_version(play: Play, person: str, product: str, version: str) -> None:
    play.releases(play.words.product(product), version, play.words.person(person))


@then(says("“{issue}”处于“{stage}”"))
@then(says('"{issue}" is in "{stage}"'))
def stands_in(play: Play, issue: str, stage: str) -> None:
    assert play.issue(issue).stage == play.words.stage(play.kind(issue), stage)


@then(says("“{issue}”由{people}负责"))
@then(says('"{issue}" is assigned to {people}'))
def assigned_to(play: Play, issue: str, people: str) -> None:
    assert play.issue(issue).assignee in play.words.people(people)


@then(says("{person}关注“{issue}”"))
@then(says('{person} watches "{issue}"'))
def watches(play: Play, person: str, issue: str) -> None:
    assert play.words.person(person) in play.issue(issue).watchers


@then(says("没有领导关注“{issue}”"))
@then(says('no leader watches "{issue}"'))
def unwatched(play: Play, issue: str) -> None:
    # a tracker may let whoever files or acts watch of itself: only the product's own wishes count
    assert not {"zhang.wei", "zhou.hao"} & play.issue(issue).watchers


@then(says("“{issue}”的内容："))
@then(says('"{issue}" holds:'))
def holds(play: Play, issue: str, datatable: Table) -> None:
    found = play.issue(issue)
    wanted = play.words.fields(datatable)
    assert {name: found.value(name) for name in wanted} == wanted


@then(says("“{issue}”的说明："))
@then(says('the comments on "{issue}":'))
def comments(play: Play, issue: str, datatable: Table) -> None:
    """Rows of clause, state, and what the comment says (optional)."""
    found = play.issue(issue).comments
    for marker, state, *words in datatable:
        text = found.get(marker, "")
        assert comment_state(play.texts, marker, text) == STATES[state], f"{marker}: {text or 'no comment'}"
        missing = [word for word in words if play.words.written(word) not in text]
        assert not missing, f"{marker} does not say {missing}: {text}"


@then(says("“{issue}”没有任何说明"))
@then(says('there is no comment on "{issue}"'))
def no_comments(play: Play, issue: str) -> None:
    assert not play.issue(issue).comments


@then(says("“{issue}”关联一张{kind}，称为“{name}”"))
@then(says('"{issue}" is linked to one {kind}, called "{name}"'))
def linked_to_one(play: Play, issue: str, kind: str, name: str) -> None:
    found = play.linked(issue, play.words.kind(kind))
    assert len(found) == 1
    play.call(name, found[0].ref, play.words.kind(kind))


@then(says("“{issue}”关联的{kind}共 {count} 张"))
@then(says('"{issue}" is linked to {count} issues of kind {kind}'))
def linked_to_many(play: Play, issue: str, kind: str, count: str) -> None:
    assert len(play.linked(issue, play.words.kind(kind))) == int(count)


@then(says("“{issue}”的客户更新任务："))
@then(says('the update tasks of "{issue}":'))
def update_tasks(play: Play, issue: str, datatable: Table) -> None:
    """Rows of customer and assignee."""
    words = play.words
    tasks = play.linked(issue, next(kind for kind in words.mapping.kinds if kind == "service_task"))
    found = {(task.value(Field.CUSTOMER), task.assignee) for task in tasks}
    assert {task.value(Field.TASK_KIND) for task in tasks} == {"patch_update"}
    assert len(tasks) == len(found)
    assert found == {(words.customer(name), words.person(person)) for name, person in datatable}


@then(says("“{issue}”附有文件“{name}”"))
@then(says('"{issue}" has the file "{name}"'))
def has_file(play: Play, issue: str, name: str) -> None:
    assert play.issue(issue).attachments == (name,)


@then(says("“{issue}”没有文件"))
@then(says('"{issue}" has no file'))
def has_no_file(play: Play, issue: str) -> None:
    assert not play.issue(issue).attachments
