"""``svc-plugin documents``: write a document from what is known now."""

from pathlib import Path

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import Shell, json_option, print_json
from svc_plugin.documents import KINDS, wanted_document


@click.group()
def documents() -> None:
    """客户服务与产品维护文档。The documents of the process."""


@documents.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--product", required=True, help="产品 Product key.")
@click.option("--period", required=True, help="期间 Period: 2026, 2026-Q4 or 2026-11.")
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
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
    as_json: bool,
) -> None:
    """编制一份文档;数据未变时给出原有版本。

    Write a document; when its data has not changed, hand out the version there is.

    \b
    Example: svc-plugin documents create service_report --product erp --period 2026-Q4 -o report.docx
    """
    with shell.services() as (services, texts):
        chosen = language or services.settings.language
        document = services.library.create(
            wanted_document(kind, product, period), language=chosen, now=utc_now()
        )
        path = output or Path(document.file_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.content)
        if as_json:
            print_json(
                {
                    "document_id": document.document_id,
                    "version": document.version,
                    "language": document.language,
                    "file": str(path),
                    "file_sha256": document.file_sha256,
                    "content_sha256": document.content_sha256,
                }
            )
        else:
            click.echo(
                texts.say(
                    "cli.documents.created",
                    document=document.document_id,
                    version=document.version,
                    file=path,
                    size=len(document.content),
                )
            )
