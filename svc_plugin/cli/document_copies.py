"""``svc-plugin documents verify, read``: what a file is that came back, and what was written into it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from docgen.readback import read_back
from docgen.readback.model import RefusedError, Returned, Signature, TextState
from svc_plugin.bootstrap import Services
from svc_plugin.cli.base import DRIFTED, FAULTS, Shell, json_option, print_json
from svc_plugin.cli.document_register import status
from svc_plugin.documents.sidecar import Drift
from svc_plugin.documents.verification import Verified
from svc_plugin.documents.verification import verify as verified
from svc_plugin.domain.model import Issue
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_AGREED = frozenset({"agree", "agree_with_changes"})
T = TypeVar("T")


@click.command()
@click.argument("file", type=_FILE)
@json_option
@click.pass_obj
def verify(shell: Shell, *, file: Path, as_json: bool) -> None:
    """核对一个文件：是否签发的原文，记录是否仍与它一致。

    Tell whether a file is the issued one, was saved again, or was altered and where; then count its figures
    again and name those that the record tells otherwise today.

    Ends with 0 when the words are the issued ones and the record agrees, 1 when they were altered or the
    file cannot be read, 5 when only the record has changed.

    \b
    Example: svc-plugin documents verify CSR-erp-2026-Q4-v1.docx
    """
    with shell.services() as (services, texts):
        content = file.read_bytes()
        found = _read(texts, lambda: verified(content, services.library, services.register))
        if as_json:
            print_json(_verified_data(texts, found))
        else:
            for line in _verified_lines(services, texts, found):
                click.echo(line)
        if found.text in {TextState.ALTERED, TextState.UNREAD}:
            raise click.exceptions.Exit(FAULTS)
        if found.drifted:
            raise click.exceptions.Exit(DRIFTED)


@click.command()
@click.argument("file", type=_FILE)
@json_option
@click.pass_obj
def read(shell: Shell, *, file: Path, as_json: bool) -> None:
    """读取签回的文件：结论、意见、审批人、日期，并说明由谁在何处填写。

    Read a copy that came back: decision, opinion, signatory, day, and whether its text is the issued one.
    Nothing is approved by it: the approver enters on the issue what the command prints.

    \b
    Example: svc-plugin documents read signed-plan.docx
    """
    with shell.services() as (services, texts):
        content = file.read_bytes()
        copy = _read(texts, lambda: read_back(content, services.register.issues))
        issue = _issue_of(services, copy)
        if as_json:
            print_json(_read_data(texts, copy, issue))
            return
        for line in (*_read_lines(texts, copy), *_to_enter(services, texts, copy, issue)):
            click.echo(line)


def _read(texts: Texts, reading: Callable[[], T]) -> T:
    try:
        return reading()
    except RefusedError as error:
        raise click.ClickException(texts.say("control.unread", reason=error.remark.said(texts))) from error


def _verified_lines(services: Services, texts: Texts, found: Verified) -> Iterator[str]:
    document, zone = found.document, services.settings.registers.calendar.zone
    yield texts.say(
        "control.is",
        document=document.document_id,
        version=document.version,
        language=document.language,
        status=status(texts, document),
        at=texts.moment(document.created_at, zone),
        state=texts.say(f"readback.state.{found.text}"),
    )
    for remark in (*found.differences, *found.remarks):
        yield f"- {remark.said(texts)}"
    if not found.counted:
        yield texts.say("control.uncounted")
    elif not found.drifted:
        yield texts.say("control.state.same")
    else:
        yield texts.say("control.state.drifted", count=len(found.drifts))
        yield from (f"- {_drift(texts, one)}" for one in found.drifts)
        yield texts.say("control.facts", names=texts.listed(found.facts))


def _drift(texts: Texts, one: Drift) -> str:
    none = texts.say("control.none")
    facts = {"place": one.place, "label": one.label, "then": one.then or none, "now": one.now or none}
    said = [texts.say("control.drift", **facts)]
    for name, refs in (("added", one.added), ("removed", one.removed)):
        if refs:
            said.append(texts.say(f"control.drift.{name}", refs=texts.listed([str(ref) for ref in refs])))
    return " | ".join(said)


def _verified_data(texts: Texts, found: Verified) -> dict[str, Any]:
    document = found.document
    return {
        "document_id": document.document_id,
        "version": document.version,
        "language": document.language,
        "status": document.status,
        "text": found.text,
        "differences": [one.said(texts) for one in found.differences],
        "remarks": [one.said(texts) for one in found.remarks],
        "counted": found.counted,
        "drift": [
            {
                "place": one.place,
                "label": one.label,
                "then": one.then,
                "now": one.now,
                "added": [str(ref) for ref in one.added],
                "removed": [str(ref) for ref in one.removed],
            }
            for one in found.drifts
        ],
        "facts": list(found.facts),
    }


def _issue_of(services: Services, copy: Returned) -> Issue | None:
    stored = services.register.store.in_every_language(copy.document_id, int(copy.version))
    return next((issue for one in stored for issue in services.register.issues_of(one)), None)


def _answers(texts: Texts, copy: Returned) -> list[tuple[str, str]]:
    told = copy.answers
    decision = texts.choice(Field.APPROVAL_DECISION, told.decision) if told.decision else ""
    return [
        (texts.say("approval.decision"), decision),
        (texts.say("approval.opinion"), told.opinion),
        (texts.say("approval.signatory"), told.signatory),
        (texts.say("approval.title"), told.title),
        (texts.say("control.read.signed"), _yes(texts, told.signed)),
        (texts.say("approval.day"), told.day.isoformat() if told.day else ""),
    ]


def _read_lines(texts: Texts, copy: Returned) -> Iterator[str]:
    def line(field: str, value: str) -> str:
        return texts.say("control.enter.field", field=field, value=value or texts.say("control.none"))

    yield f"{copy.document_id} V{copy.version}"
    yield line(texts.say("control.read.text"), texts.say(f"readback.state.{copy.text}"))
    for field, value in _answers(texts, copy):
        yield line(field, value)
    for one in copy.signatures:
        yield line(texts.say("control.read.signature"), _signature(texts, one))
    for remark in (*copy.differences, *copy.remarks):
        yield f"- {remark.said(texts)}"


def _signature(texts: Texts, one: Signature) -> str:
    facts = {name: _yes(texts, getattr(one, name)) for name in ("intact", "trusted", "whole")}
    return texts.say("control.signature", signer=one.signer, **facts)


def _yes(texts: Texts, value: bool) -> str:
    return texts.say("control.yes" if value else "control.no")


def _to_enter(services: Services, texts: Texts, copy: Returned, issue: Issue | None) -> Iterator[str]:
    """Say what the approver enters on which issue: a person's act must be the person's own."""
    if copy.text not in {TextState.ISSUED, TextState.RESAVED}:
        yield texts.say("control.enter.not")
        return
    if issue is None:
        yield texts.say("control.enter.nobody")
        return
    yield texts.say("control.enter", issue=issue.url or issue.ref)
    told = copy.answers
    if told.decision:
        value = texts.choice(Field.APPROVAL_DECISION, told.decision)
        yield f"- {texts.say('control.enter.field', field=texts.field(Field.APPROVAL_DECISION), value=value)}"
    if told.opinion:
        field = texts.field(Field.APPROVAL_OPINION)
        yield f"- {texts.say('control.enter.field', field=field, value=told.opinion)}"
    if told.decision:
        stage = Stage.APPROVED if told.decision in _AGREED else Stage.REJECTED
        mapping = services.settings.sites[issue.ref.site].mapping
        yield texts.say("control.enter.stage", stage=mapping.status_of(IssueKind.DOCUMENT, stage))


def _read_data(texts: Texts, copy: Returned, issue: Issue | None) -> dict[str, Any]:
    told = copy.answers
    return {
        "document_id": copy.document_id,
        "version": copy.version,
        "medium": copy.medium,
        "text": copy.text,
        "decision": told.decision,
        "opinion": told.opinion,
        "signatory": told.signatory,
        "title": told.title,
        "signed": told.signed,
        "day": told.day,
        "signatures": [_signature(texts, one) for one in copy.signatures],
        "differences": [one.said(texts) for one in copy.differences],
        "remarks": [one.said(texts) for one in copy.remarks],
        "issue": (issue.url or str(issue.ref)) if issue else None,
    }
