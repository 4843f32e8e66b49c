"""``svc-plugin setup``: prepare a site for the process."""

import json
import shlex
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import cast

import click

from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.cli.setup_jira import jira
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load
from svc_plugin.settings import Settings
from svc_plugin.sites.redmine.blueprint import BOT, ROLE_NAMES, blueprint
from svc_plugin.sites.redmine.wording import in_language

_TIME_LIMIT = 600  # seconds; a Rails console needs some to start


@click.group()
def setup() -> None:
    """为流程准备站点。Prepare a site for the process."""


setup.add_command(jira)


@setup.command()
@click.option("--site", "site_name", help="站点 Which site; needed when there are several.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("redmine-setup"),
    show_default=True, help="写到何处 Where to write script and blueprint.",
)  # fmt: skip
@click.option(
    "--run", "console", help="直接运行 Run it with this console command, e.g. 'bundle exec bin/rails runner'."
)
@click.option("--dry-run", is_flag=True, help="试运行 Show what would be made, with --run.")
@json_option
@click.pass_obj
def redmine(
    shell: Shell, *, site_name: str | None, output: Path, console: str | None, dry_run: bool, as_json: bool
) -> None:
    """建立跟踪标签、状态、自定义字段、角色与工作流程（REST 做不到）。

    Create trackers, statuses, custom fields, roles and workflow, which Redmine's REST API cannot.
    Without --run it writes the script and says how to run it on Redmine's server. It only adds, and may
    be run again.

    \b
    Example: svc-plugin setup redmine -o /tmp/redmine-setup
    """
    settings = shell.settings()
    texts = load(settings.language)
    script, data = _write_files(settings, _site(settings, site_name), output)
    if console is None:
        click.echo(texts.say("cli.setup.files", script=script, blueprint=data))
        click.echo(f"\n  bundle exec bin/rails runner -e production {script} {data}\n")
        click.echo(texts.say("cli.setup.after", role=in_language(ROLE_NAMES, settings.language)[BOT]))
        return
    command = [*shlex.split(console), str(script), str(data), *(["--dry-run"] if dry_run else [])]
    result = _run(command)
    if as_json:
        print_json(result)
    else:
        _report(result, texts)
    if result.get("refused") or result.get("error"):
        raise click.exceptions.Exit(FAULTS)


def _site(settings: Settings, name: str | None) -> str:
    sites = [known for known, site in settings.sites.items() if site.type == "redmine"]
    if name is None and len(sites) == 1:
        return sites[0]
    if name is None or name not in sites:
        raise click.BadParameter(
            f"name one of the configured Redmines with --site: {', '.join(sites) or '-'}"
        )
    return name


def _write_files(settings: Settings, name: str, output: Path) -> tuple[Path, Path]:
    output.mkdir(parents=True, exist_ok=True)
    folder = output.resolve()
    script, data = folder / "setup.rb", folder / "blueprint.json"
    source = files("svc_plugin.sites.redmine").joinpath("console/setup.rb")
    script.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    products = {key: product.name for key, product in settings.registers.products.items()}
    site = settings.sites[name]
    wanted = blueprint(site.mapping, site.language, products)
    data.write_text(json.dumps(wanted, ensure_ascii=False, indent=1), encoding="utf-8")
    return script, data


def _run(command: list[str]) -> dict[str, object]:
    try:
        # the administrator's own command, split into words; no shell reads it
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIME_LIMIT, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise click.ClickException(str(error)) from error
    try:
        result: dict[str, object] = json.loads(done.stdout)
    except ValueError:
        detail = (done.stderr or done.stdout).strip()[-2000:]
        raise click.ClickException(f"the console ended with {done.returncode}: {detail}") from None
    return result


def _report(result: dict[str, object], texts: Texts) -> None:
    if error := result.get("error"):
        raise click.ClickException(str(error))
    lines = {kind: _lines(result.get(kind)) for kind in ("created", "changed", "refused")}
    counts = {kind: len(found) for kind, found in lines.items()}
    click.echo(texts.say("cli.setup.done", unchanged=result.get("unchanged", 0), **counts))
    for kind, found in lines.items():
        for line in found:
            click.echo(f"  {kind}: {line}")
    if result.get("dry_run"):
        click.echo(texts.say("cli.setup.trial"))


def _lines(found: object) -> list[str]:
    return [str(line) for line in cast("list[object]", found)] if isinstance(found, list) else []
