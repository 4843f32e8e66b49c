"""``svc-plugin init``: a configuration folder to edit, with secrets made for it."""

import secrets
import shutil
from pathlib import Path

import click

from svc_plugin.cli.base import json_option, print_json
from svc_plugin.settings.locations import default_config

_SECRETS = """\
# Secrets of svc-plugin; keep this file to yourself. Environment variables of the same names win.
# Signs download links and hints.
SVC_SECRET_KEY={secret_key}
# The API key of the site's service account (Redmine: "My account", "API access key"; Jira: API token or
# personal access token; for an API token of Jira Cloud, SVC_SITE_MAIN_EMAIL too).
SVC_SITE_MAIN_API_KEY={api_key}
# What the site signs its webhooks with; several, separated by commas, while you change them.
SVC_SITE_MAIN_HOOK_SECRETS={hook_secret}
# Channels for notifications, named in registers/people.yaml; for instance a WeCom robot:
# SVC_NOTIFY_WECOM_LI=wecombot://KEY
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@json_option
def init(folder: Path, *, language: str, as_json: bool) -> None:
    """写出一份可编辑的配置（示例公司）。

    Write a configuration to edit: the example company, and fresh secrets.

    \b
    Example: svc-plugin init my-company
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(
            f"{folder} 不是空目录，未作任何改动。It is not empty; nothing was written."
        )
    write_config(folder, language=language)
    if as_json:
        print_json({"folder": str(folder), "files": sorted(str(p) for p in folder.rglob("*") if p.is_file())})
        return
    click.echo(f"{folder}: 请编辑 svc-plugin.yaml、registers/ 与 secrets.env，然后运行 check。")
    click.echo(f"{folder}: edit svc-plugin.yaml, registers/ and secrets.env, then run check.")


def write_config(folder: Path, *, api_key: str = "", language: str = "zh") -> None:
    """Copy the example company into ``folder`` with fresh secrets, speaking ``language``."""
    shutil.copytree(default_config(), folder, dirs_exist_ok=True)
    main = folder / "svc-plugin.yaml"
    text = main.read_text(encoding="utf-8")
    for name in ("language", "mapping"):
        text = text.replace(f"{name}: zh", f"{name}: {language}")
    main.write_text(text, encoding="utf-8")
    hook_secret = secrets.token_urlsafe(32)
    path = folder / "secrets.env"
    path.touch(mode=0o600)
    path.write_text(
        _SECRETS.format(secret_key=secrets.token_urlsafe(48), api_key=api_key, hook_secret=hook_secret),
        encoding="utf-8",
    )
