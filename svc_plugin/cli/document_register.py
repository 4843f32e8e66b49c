"""``svc-plugin documents list, show, get``: the register of issued documents."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from svc_plugin.bootstrap import Services
from svc_plugin.cli.base import Shell, json_option, print_json, table_lines
from svc_plugin.documents.library import KINDS
from svc_plugin.documents.register import check_code
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.store.documents import StoredDocument

F = TypeVar("F", bound=Callable[..., object])
_SHOWN = (
    "title", "product", "period", "file_sha256", "content_sha256", "text_sha256", "data_sha256", "policy",
    "template", "generator",
)  # fmt: skip


def version_options(command: F) -> F:
    """Add what names one issued version: the number, ``--version`` and ``--lang``."""
    command = click.option(
        "--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language."
    )(command)
    number = click.IntRange(min=1)
    command = click.option(
        "--version", type=number, default=None, help="版本 Version; the newest if left out."
    )(command)
    return click.argument("document_id")(command)


def issued(
    services: Services, texts: Texts, document_id: str, version: int | None, language: str | None
) -> StoredDocument:
    """Return the version that is named. Raises ``click.ClickException`` when it was never issued."""
    store, chosen = services.register.store, language or services.settings.language
    if version is None:
        found = store.newest(document_id, chosen) or (None if language else store.newest(document_id))
    else:
        others = () if language else store.in_every_language(document_id, version)
        found = store.get(document_id, version, chosen) or next(iter(others), None)
    if found is None:
        named = texts.say("control.unknown.version", version=version) if version else ""
        raise click.ClickException(texts.say("control.unknown", document=document_id, version=named))
    return found


@click.command(name="list")
@click.option("--product", default="", help="产品 Product key.")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="文档种类 Kind of document.")
@json_option
@click.pass_obj
def list_(shell: Shell, *, product: str, kind: str | None, as_json: bool) -> None:
    """列出已签发的文档及其状态。

    List what was issued, every version with its status.

    \b
    Example: svc-plugin documents list --product erp
    """
    with shell.services() as (services, texts):
        found = services.register.store.listed(product=product, kind=kind or "")
        if as_json:
            print_json([_line(one) for one in found])
            return
        if not found:
            click.echo(texts.say("control.empty"))
            return
        heads = ("document", "version", "language", "status", "created")
        zone = services.settings.registers.calendar.zone
        rows = [tuple(texts.say(f"control.column.{head}") for head in heads)]
        for one in found:
            created = texts.moment(one.created_at, zone)
            rows.append((one.document_id, str(one.version), one.language, status(texts, one), created))
        for line in table_lines(rows):
            click.echo(line)


@click.command()
@version_options
@json_option
@click.pass_obj
def show(shell: Shell, *, document_id: str, version: int | None, language: str | None, as_json: bool) -> None:
    """显示一个版本的全部标识、文件与问题单。

    Show the marks of one version, its files and the issue that asks for it.

    \b
    Example: svc-plugin documents show CSR-erp-2026-Q4 --version 1
    """
    with shell.services() as (services, texts):
        one = issued(services, texts, document_id, version, language)
        files = services.register.store.files(one)
        urls = [issue.url or str(issue.ref) for issue in services.register.issues_of(one)]
        if as_json:
            described = [{"name": f.name, "role": f.role, "file_sha256": f.file_sha256} for f in files]
            print_json(
                {**_line(one), **{name: getattr(one, name) for name in _SHOWN}, "text_code": check_code(one)}
                | {"files": described, "issues": urls}
            )
            return
        zone = services.settings.registers.calendar.zone
        rows = [
            ("document", one.document_id),
            ("version", f"{one.version} ({one.language})"),
            ("status", status(texts, one)),
            ("created", texts.moment(one.created_at, zone)),
            ("code", check_code(one)),
            *((name, str(getattr(one, name)) or texts.say("control.none")) for name in _SHOWN),
            ("files", texts.listed([one.file_name, *(file.name for file in files)])),
            ("issue", texts.listed(urls) or texts.say("control.none")),
        ]
        for line in table_lines([(texts.say(f"control.column.{name}"), value) for name, value in rows]):
            click.echo(line)


@click.command()
@version_options
@click.option("--file", "name", default=None, help="此版本的另一文件 Another file of this version.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.pass_obj
def get(
    shell: Shell,
    *,
    document_id: str,
    version: int | None,
    language: str | None,
    name: str | None,
    output: Path | None,
) -> None:
    """取出一个版本的文件，逐字节与签发时相同。

    Hand out a file of one version, byte for byte as it was issued.

    \b
    Example: svc-plugin documents get CSR-erp-2026-Q4 --version 1 -o report.docx
    """
    with shell.services() as (services, texts):
        one = issued(services, texts, document_id, version, language)
        files = {one.file_name: one.content}
        files |= {file.name: file.content for file in services.register.store.files(one)}
        wanted = name or one.file_name
        if wanted not in files:
            facts = {"document": one.document_id, "version": one.version, "file": wanted}
            raise click.ClickException(texts.say("control.no_file", **facts, files=texts.listed(list(files))))
        keep(texts, one, output or Path(wanted), files[wanted])


def keep(texts: Texts, document: StoredDocument, path: Path, content: bytes) -> None:
    """Write a file of a version and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    facts = {"document": document.document_id, "version": document.version}
    click.echo(texts.say("control.written", **facts, file=path, size=len(content)))


def status(texts: Texts, document: StoredDocument) -> str:
    """Say to which stage its issue has brought a version."""
    stage = Stage(document.status)
    # of maintenance the word means that it is not carried out
    return texts.say("control.status.rejected") if stage is Stage.REJECTED else texts.stage(stage)


def _line(document: StoredDocument) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "version": document.version,
        "language": document.language,
        "status": document.status,
        "created_at": document.created_at.isoformat(),
    }
