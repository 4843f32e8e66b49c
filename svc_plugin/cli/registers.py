"""``svc-plugin registers``: customers and people to and from CSV, and the schemas of all files."""

from dataclasses import asdict
from pathlib import Path

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load
from svc_plugin.settings.importing import Import, plan_import, write_atomically
from svc_plugin.settings.load import configured_language
from svc_plugin.settings.reading import parse
from svc_plugin.settings.schemas import schemas as all_schemas
from svc_plugin.settings.sheets import SHEETS
from svc_plugin.settings.tables import write_table

_WHICH = click.Choice(sorted(SHEETS))


@click.group()
def registers() -> None:
    """客户、人员登记的导入与导出。The registers as tables."""


@registers.command(name="export")
@click.argument("which", type=_WHICH)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="文件 File to write.")
@click.pass_obj
def export_(shell: Shell, *, which: str, output: Path | None) -> None:
    """把客户或人员写成 CSV（可用 Excel 打开）。

    Write customers or people as CSV that a spreadsheet opens.

    \b
    Example: svc-plugin registers export customers -o customers.csv
    """
    settings = shell.settings()
    sheet = SHEETS[which]
    entries = parse((shell.folder / sheet.file).read_text(encoding="utf-8"))
    text, count = write_table(entries, sheet, settings.language)
    if output is None:
        click.echo(text, nl=False)
        return
    # the mark tells spreadsheets that this is UTF-8
    output.write_text(text, encoding="utf-8-sig", newline="")
    click.echo(load(settings.language).say("cli.registers.exported", file=output, count=count))


@registers.command(name="import")
@click.argument("which", type=_WHICH)
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="只显示将要做的改动 Show what would change, write nothing.")
@json_option
@click.pass_obj
def import_(shell: Shell, *, which: str, source: Path, dry_run: bool, as_json: bool) -> None:
    """从 CSV 新增和更改客户或人员；有一行不对就全部不动。

    Add and change customers or people from CSV; one bad row refuses all.

    \b
    Example: svc-plugin registers import customers customers.csv --dry-run
    """
    texts = load(configured_language(shell.folder))
    sheet = SHEETS[which]
    outcome = plan_import(shell.folder, sheet, source.name, source.read_bytes(), now=utc_now())
    if not (outcome.faults or dry_run) and (outcome.added or outcome.changed):
        write_atomically(shell.folder / sheet.file, outcome.text)
    if as_json:
        print_json(_as_json(outcome, texts, dry_run=dry_run))
    elif outcome.faults:
        for fault in outcome.faults:
            click.echo(fault.sentence(texts), err=True)
        click.echo(texts.say("cli.registers.refused", count=len(outcome.faults)), err=True)
    else:
        _tell(outcome, texts, sheet.file)
        if dry_run:
            click.echo(texts.say("cli.registers.trial"))
    if outcome.faults:
        raise click.exceptions.Exit(FAULTS)


@registers.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="目录 Folder to write into.",
)  # fmt: skip
@click.pass_obj
def schemas(shell: Shell, *, output: Path) -> None:
    """写出各配置文件的 JSON Schema，供编辑器检查与补全。

    Write the JSON Schemas of the configuration files, for editors.

    \b
    Example: svc-plugin registers schemas -o my-company/schemas
    """
    output.mkdir(parents=True, exist_ok=True)
    written = all_schemas()
    for name, text in written.items():
        (output / name).write_text(text, encoding="utf-8")
    texts = load(configured_language(shell.folder))
    click.echo(texts.say("cli.registers.schemas", count=len(written), folder=output))


def _tell(outcome: Import, texts: Texts, file: str) -> None:
    if outcome.ignored:
        click.echo(texts.say("cli.registers.ignored", columns=texts.listed(outcome.ignored)))
    for key in outcome.added:
        click.echo(f"  + {texts.say('cli.registers.added', key=key)}")
    nothing = texts.say("cli.registers.none")
    for change in outcome.changed:
        old, new = change.old or nothing, change.new or nothing
        line = texts.say("cli.registers.changed", key=change.key, place=change.place, old=old, new=new)
        click.echo(f"  ~ {line}")
    changed = len({change.key for change in outcome.changed})
    counts = {"added": len(outcome.added), "changed": changed, "unchanged": outcome.unchanged}
    click.echo(texts.say("cli.registers.done", file=file, **counts))


def _as_json(outcome: Import, texts: Texts, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "added": outcome.added,
        "changed": [asdict(change) for change in outcome.changed],
        "unchanged": outcome.unchanged,
        "ignored_columns": outcome.ignored,
        "faults": [
            {
                "file": fault.file,
                "line": fault.line,
                "column": fault.shown,
                "value": fault.value,
                "message": fault.message(texts),
            }
            for fault in outcome.faults
        ],
    }
