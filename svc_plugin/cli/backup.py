"""``svc-plugin backup`` and ``svc-plugin restore``: everything the database holds, in one file."""

import getpass
from pathlib import Path

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import Shell, json_option, print_json, show_progress
from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.messages import load
from svc_plugin.store.archive import Manifest, read_archive, restore_archive, write_archive
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit
from svc_plugin.store.database import Database

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("-o", "--output", required=True, type=_FILE, help="新文件 A new file, for its owner only.")
@json_option
@click.pass_obj
def backup(shell: Shell, *, output: Path, as_json: bool) -> None:
    """备份数据库；服务可继续运行。

    Write the database as it is at one moment; everything may go on running meanwhile.

    \b
    Example: svc-plugin backup -o /backup/svc-plugin-2026-11-23.zip
    """
    database = Database(shell.settings().database)
    try:
        manifest = write_archive(database, output, taken_at=utc_now(), progress=show_progress)
    except (SvcPluginError, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.close()
    _report(shell, "cli.backup.done", output, manifest, as_json=as_json)


@click.command()
@click.argument("source", metavar="FILE", type=_FILE)
@click.option("--force", is_flag=True, help="替换已有数据 Replace what the database holds.")
@click.option("--dry-run", is_flag=True, help="只核对备份 Only check the file.")
@json_option
@click.pass_obj
def restore(shell: Shell, *, source: Path, force: bool, dry_run: bool, as_json: bool) -> None:
    """从备份恢复；须先停止服务。

    Put a backup back, into SQLite or PostgreSQL whichever it came from. Stop every `serve` and `worker`
    first; afterwards start them and run `sync --full`.

    \b
    Example: svc-plugin restore /backup/svc-plugin-2026-11-23.zip
    """
    database = Database(shell.settings().database)
    try:
        if dry_run:
            manifest = read_archive(source, progress=show_progress)
        else:
            manifest = restore_archive(database, source, replace=force, progress=show_progress)
            taken = manifest.taken_at.isoformat(timespec="seconds")
            told = {"act": "restore", "taken_at": taken, "rows": manifest.rows, "version": manifest.version}
            SqlAudit(database).record(Entry(AuditKind.ADMIN, utc_now(), f"cli:{getpass.getuser()}", told))
    except SvcPluginError as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.close()
    _report(
        shell, "cli.restore.checked" if dry_run else "cli.restore.done", source, manifest, as_json=as_json
    )


def _report(shell: Shell, key: str, file: Path, manifest: Manifest, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(file), **manifest.model_dump(mode="json")})
        return
    texts = load(shell.settings().language)
    moment = manifest.taken_at.isoformat(timespec="seconds")
    click.echo(texts.say(key, file=file, moment=moment, rows=manifest.rows, revision=manifest.revision))
    for name, entry in manifest.tables.items():
        click.echo(f"  {name}  {entry.rows}")
