"""``svc-plugin documents``: write a document from what is known now, and templates of a company's own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from docgen.company.start import starting_template
from docgen.company.template import Template
from svc_plugin.bootstrap import Services, templates_of, utc_now
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.documents.library import KINDS, wanted_document
from svc_plugin.documents.register import file_of
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import attached_versions
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.messages import load
from svc_plugin.store.documents import FileRole, StoredDocument, StoredFile


@click.group()
def documents() -> None:
    """客户服务与产品维护文档。The documents of the process."""


@documents.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--product", required=True, help="产品 Product key.")
@click.option("--period", required=True, help="期间 Period: 2026, 2026-Q4 or 2026-11.")
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.option(
    "--annex-above",
    type=click.IntRange(min=0),
    default=None,
    help="清单超过此行数另成附件 Rows above which the list is a file of its own; 0: never.",
)
@json_option
@click.pass_obj
def create(
    shell: Shell,
    *,
    kind: str,
    product: str,
    period: str,
    language: str | None,
    output: Path | None,
    annex_above: int | None,
    as_json: bool,
) -> None:
    """编制一份文档；数据未变时给出原有版本。

    Write a document; when its data has not changed, hand out the version there is. A new version goes to
    the issue that asks for the document, and voids an approval of the version before. Files that belong to
    it (the complete list of a long report) are written beside it.

    \b
    Example: svc-plugin documents create service_report --product erp --period 2026-Q4 -o report.docx
    """
    with shell.services() as (services, texts):
        chosen = language or services.settings.language
        library = services.library
        if annex_above is not None:
            library = replace(library, annex_above=annex_above)
        document = library.create(wanted_document(kind, product, period), language=chosen, now=utc_now())
        path = output or Path(document.file_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.content)
        annex = file_of(library.store, document, FileRole.ANNEX)
        if annex:
            path.with_name(annex.name).write_bytes(annex.content)
        told = _tell_issues(services, texts, document)
        if as_json:
            print_json(_created(document, path, annex))
            return
        facts = {"document": document.document_id, "version": document.version, "file": path}
        click.echo(texts.say("cli.documents.created", **facts, size=len(document.content)))
        for line in told:
            click.echo(line)


def _created(document: StoredDocument, path: Path, annex: StoredFile | None) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "version": document.version,
        "language": document.language,
        "file": str(path),
        "file_sha256": document.file_sha256,
        "content_sha256": document.content_sha256,
        "annex": str(path.with_name(annex.name)) if annex else None,
    }


def _tell_issues(services: Services, texts: Texts, document: StoredDocument) -> list[str]:
    """Have the issues looked at that lack this version, and say what will come of it."""
    told: list[str] = []
    lacking: list[IssueRef] = []
    for issue in services.register.issues_of(document):
        site = services.sites.get(issue.ref.site)
        attached = attached_versions(issue, document.document_id)
        if site is None or site.language != document.language or document.version in attached:
            continue
        lacking.append(issue.ref)
        if issue.stage is Stage.APPROVED and attached:
            told.append(texts.say("control.void", issue=issue.url or issue.ref, former=attached[-1]))
        told.append(texts.say("control.due", issue=issue.url or issue.ref))
    services.work.add(lacking, due=utc_now())
    return told


@documents.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.pass_obj
def template(shell: Shell, *, kind: str, language: str | None, output: Path | None) -> None:
    """写出一份起始模板,供公司改成自己的样式。

    Write a template to begin with, to be changed in Word.

    \b
    Example: svc-plugin documents template service_report -o my-company/templates/service_report.zh.docx
    """
    settings = shell.settings()
    texts, chosen = load(settings.language), language or settings.language
    content = starting_template(templates_of(settings).sample(kind, chosen), load(chosen))
    path = output or Path(f"{kind}.{chosen}.docx")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    click.echo(texts.say("cli.documents.template", file=path))


@documents.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language.")
@json_option
@click.pass_obj
def check_template(shell: Shell, *, file: Path, kind: str, language: str | None, as_json: bool) -> None:
    """检查一份公司模板:位置、问题、改法。

    Look a template over: where something is wrong, what, and what to do. Exit code 1 with faults.

    \b
    Example: svc-plugin documents check-template report.docx service_report
    """
    settings = shell.settings()
    texts = load(settings.language)
    found = templates_of(settings).examine(
        Template(file.name, file.read_bytes()), kind, language or settings.language
    )
    sentences = [fault.told(texts) for fault in found]
    if as_json:
        print_json({"file": str(file), "faults": sentences})
    else:
        click.echo(texts.say("cli.check.template", template=file, count=len(found)))
        for sentence in sentences:
            click.echo(f"  - {sentence}")
    if found:
        raise click.exceptions.Exit(FAULTS)
