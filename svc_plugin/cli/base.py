"""What every command shares: loading the configuration, speaking its language, printing."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from svc_plugin.bootstrap import Services, build, utc_now
from svc_plugin.domain.errors import ConfigError, SvcPluginError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.texts import Texts
from svc_plugin.logs import configure_logs, hide
from svc_plugin.messages import load
from svc_plugin.settings import Settings, load_settings

FAULTS, BRAKED, UNFINISHED, DRIFTED = 1, 3, 4, 5
"""Exit codes beside 0 (done) and 2 (wrong usage): faults found, brake held, work left, record changed."""

F = TypeVar("F", bound=Callable[..., object])


def json_option(command: F) -> F:
    """Add ``--json`` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="机器可读 Print JSON.")(command)


class Shell:
    """One run of the command line on one configuration folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def settings(self) -> Settings:
        """Load the configuration; all its faults end the command with exit code 1."""
        try:
            return load_settings(self.folder, os.environ, now=utc_now())
        except ConfigError as error:
            for fault in error.faults:
                click.echo(fault, err=True)
            raise click.exceptions.Exit(FAULTS) from error

    @contextmanager
    def services(self) -> Generator[tuple[Services, Texts]]:
        """Build the services and close them; trouble that a person can mend is told in one sentence."""
        configure_logs()
        settings = self.settings()
        hide(settings.secrets)
        try:
            services = build(settings)
        except SvcPluginError as error:
            raise click.ClickException(str(error)) from error
        try:
            yield services, load(settings.language)
        except SvcPluginError as error:
            raise click.ClickException(str(error)) from error
        finally:
            services.close()


def show_progress(step: str, done: int, of: int) -> None:
    """Show on a terminal how far a long run has come; ``of`` 0 means that the end is not known."""
    if sys.stderr.isatty() and (done == of or done % 10 == 0):
        click.echo(f"\r{step} {done}{f'/{of}' if of else ''} ", nl=done == of, err=True)


def print_json(data: Any) -> None:
    """Print a value as indented JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines with columns of one width, two blanks apart."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes: Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def parse_ref(text: str) -> IssueRef:
    """Read ``main/4711``. Raises ``click.BadParameter``."""
    site, slash, key = text.partition("/")
    if not (site and slash and key):
        raise click.BadParameter(f"'{text}': write SITE/KEY, for instance main/4711")
    return IssueRef(site, key)
