"""``svc-plugin documents preview, pdf``: what a document looks like, without Word."""

from pathlib import Path

import click

from docgen.office import OfficeError, find_office
from docgen.preview import preview as as_html
from docgen.readback.model import RefusedError
from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import Shell
from svc_plugin.cli.document_register import issued, keep, version_options
from svc_plugin.documents.library import KINDS, wanted_document
from svc_plugin.documents.pdf import pdf_to_sign
from svc_plugin.domain.texts import Texts


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--product", required=True, help="产品 Product key.")
@click.option("--period", required=True, help="期间 Period: 2026, 2026-Q4 or 2026-11.")
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default=None, help="语言 Language.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.pass_obj
def preview(
    shell: Shell, *, kind: str, product: str, period: str, language: str | None, output: Path | None
) -> None:
    """用浏览器预览一份文档，不签发新版本。

    Write a document as a web page as it would be now. Nothing is issued.

    \b
    Example: svc-plugin documents preview service_plan --product erp --period 2027 -o plan.html
    """
    with shell.services() as (services, texts):
        wanted = wanted_document(kind, product, period)
        chosen = language or services.settings.language
        document = services.library.draft(wanted, language=chosen, now=utc_now())
        path = output or Path(f"{wanted.document_id}.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as page:
            page.writelines(as_html(document, services.library.texts[chosen]))
        click.echo(texts.say("control.preview", document=wanted.document_id, file=path))


@click.command()
@version_options
@click.option(
    "--plain",
    is_flag=True,
    help="不加签名处，也不登记 Without a place to sign; not kept.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.pass_obj
def pdf(
    shell: Shell,
    *,
    document_id: str,
    version: int | None,
    language: str | None,
    plain: bool,
    output: Path | None,
) -> None:
    """签发一个版本的 PDF，末页有数字签名处；需要 LibreOffice。

    Issue the PDF of a version, with a place for a digital signature on its last page. The register keeps
    it: a signed copy is held against these very bytes. Needs LibreOffice.

    \b
    Example: svc-plugin documents pdf CSP-erp-2027 -o plan.pdf
    """
    with shell.services() as (services, texts):
        one = issued(services, texts, document_id, version, language)
        try:
            store = services.register.store
            made = find_office().pdf(one.content) if plain else pdf_to_sign(store, one).content
        except OfficeError as error:
            raise click.ClickException(error.said(texts)) from error
        except RefusedError as error:
            raise click.ClickException(_without_signing(texts, error)) from error
        keep(texts, one, output or Path(one.file_name).with_suffix(".pdf"), made)


def _without_signing(texts: Texts, error: RefusedError) -> str:
    return f"{error.remark.said(texts)} {texts.say('control.plain')}"
