"""``svc-plugin demo``: the whole product on one machine, with nothing to install beside it."""

import socket
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from svc_plugin.bootstrap import Services, build, utc_now
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.cli.init import write_config
from svc_plugin.cli.serve import run_server
from svc_plugin.demo.jira_stage import place_on_jira
from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.demo.story import Story, StoryError, download, quarter_of
from svc_plugin.demo.trackers import TRACKERS, actors, open_tracker, signing_in
from svc_plugin.documents.library import KINDS, wanted_document
from svc_plugin.logs import configure_logs
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings import Settings
from svc_plugin.standins.redmine import serve
from svc_plugin.web.serving import start


@click.command()
@click.option("--once", is_flag=True, help="演一遍即止 Play the story once and end.")
@click.option(
    "--site",
    "tracker",
    type=click.Choice(TRACKERS),
    default="redmine",
    show_default=True,
    help="在哪种跟踪系统的替身上 On whose stand-in.",
)
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("out"),
    show_default=True, help="文档写到何处 Where to write the document.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False),
    help="演示的数据，默认 var/demo-SITE Where the demo keeps its data; by default var/demo-SITE.",
)  # fmt: skip
@json_option
def demo(
    *, once: bool, tracker: str, language: str, output: Path, folder: Path | None, as_json: bool
) -> None:
    """在本机演示整个产品（自带 Redmine 与 Jira 的替身）。

    Show the whole product on this machine, on a stand-in for Redmine or Jira that comes with it.

    \b
    Example: svc-plugin demo --once --site jira
    """
    if once:
        _play_once(tracker, language, output, as_json=as_json)
    else:
        _stay(tracker, language, folder or Path(f"var/demo-{tracker}"))


def _configure(config: Path, tracker: str, language: str) -> None:
    """Write the example company's configuration, on the stand-in that was asked for."""
    write_config(config, api_key=api_key(BOT), language=language)
    if tracker != "redmine":
        registers = Shell(config).settings().registers
        place_on_jira(config, registers, language, cloud=tracker == "jira")


def _play_once(tracker: str, language: str, output: Path, *, as_json: bool) -> None:
    texts = load(language)
    started = time.monotonic()
    configure_logs(quiet=True)
    with tempfile.TemporaryDirectory() as folder, _house(Path(folder), tracker, language) as house:
        settings, services = house
        story = Story(actors(settings), texts, _silent if as_json else click.echo, today=_today(services))
        try:
            report = download(story.play())
        except StoryError as error:
            click.echo(texts.say("cli.demo.failed", what=error), err=True)
            raise click.exceptions.Exit(FAULTS) from error
        files = {output / f"{kind}-{told}.docx": content for kind, told, content in _documents(services)}
    files[output / f"service_report-{language}.docx"] = report
    output.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    seconds = time.monotonic() - started
    if as_json:
        answers = [{"step": answer.step, "seconds": round(answer.seconds, 2)} for answer in story.answers]
        print_json({"answers": answers, "files": [str(path) for path in files], "seconds": round(seconds, 1)})
        return
    for path, content in files.items():
        click.echo(texts.say("cli.demo.report", file=path, size=len(content)))
    click.echo(texts.say("cli.demo.end", seconds=seconds))


def _documents(services: Services) -> Iterator[tuple[str, str, bytes]]:
    """Write every document of the story's quarter in both languages: kind, language, file."""
    now = utc_now()
    for kind in KINDS:
        wanted = wanted_document(kind, "erp", quarter_of(_today(services)))
        for language in LANGUAGES:
            yield kind, language, services.library.create(wanted, language=language, now=now).content


def _today(services: Services) -> date:
    return services.settings.registers.calendar.day_of(utc_now())


def _silent(_line: str) -> None:
    """Say nothing: JSON follows."""


@contextmanager
def _house(folder: Path, tracker: str, language: str) -> Generator[tuple[Settings, Services]]:
    """Run stand-in, receiver and workers on free ports of this process."""
    config = folder / "config"
    _configure(config, tracker, language)
    settings = Shell(config).settings()
    with ExitStack() as stack:
        port = stack.enter_context(_own_port())
        own_url = f"http://127.0.0.1:{port}"
        served = open_tracker(settings, f"{own_url}/hooks/main", 0, None)
        stack.callback(served.close)
        site = replace(settings.sites["main"], url=served.url, browse_url=served.url)
        settings = replace(settings, sites={"main": site}, public_url=own_url)
        services = build(settings)
        stack.callback(services.close)
        running = start(services)
        stack.callback(running.stop)
        stack.enter_context(serve(running.app, port=port))
        yield settings, services


@contextmanager
def _own_port() -> Generator[int]:
    """Hold a free port, so that nobody takes it before our server, which may share it, does."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def _stay(tracker: str, language: str, folder: Path) -> None:
    config = folder / "config"
    if not config.is_dir():
        _configure(config, tracker, language)
    shell = Shell(config)
    settings = shell.settings()
    texts, site = load(language), settings.sites["main"]
    if (site.type == "redmine") != (tracker == "redmine") or site.cloud != (tracker == "jira"):
        raise click.ClickException(texts.say("demo.other_site", folder=folder, site=tracker))
    if site.type == "jira":
        _forget(settings.database)
        click.echo(texts.say("demo.anew"))
    port = int(site.url.rpartition(":")[2])
    hook_url = f"{settings.public_url}/hooks/main"
    with open_tracker(settings, hook_url, port, folder / "redmine.json") as served:
        click.echo(texts.say("cli.demo.ready", site=served.url))
        for leader in _leaders(settings):
            sentence, facts = signing_in(settings, leader)
            click.echo(texts.say(sentence, **facts))
        run_server(shell)


def _leaders(settings: Settings) -> list[str]:
    return list(dict.fromkeys(one.leader for one in settings.registers.products.values()))


def _forget(database: str) -> None:
    """Begin with an empty store: the issues that it knows are gone with the stand-in."""
    file = database.removeprefix("sqlite:///")
    if file != database:
        for ending in ("", "-wal", "-shm"):
            Path(file + ending).unlink(missing_ok=True)
