"""Loads one configuration folder; all faults of all files are reported at once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from svc_plugin.channels import VARIABLE
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.engine.pacing import Limits
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings.build import (
    MAIN,
    Settings,
    SiteSettings,
    check_channels,
    check_sites,
    to_mapping,
)
from svc_plugin.settings.files import MainFile, MappingFile
from svc_plugin.settings.policies import in_order, read_policies, read_policy, set_digest
from svc_plugin.settings.reading import Reader
from svc_plugin.settings.register_build import day_of, read_calendar, read_registers


def load_settings(folder: Path, environ: Mapping[str, str], *, now: datetime) -> Settings:
    """Read and check the folder; ``environ`` gives the secrets and may override database and queue.

    Days are the company's, at the aware moment ``now``. Raises ``ConfigError`` with every fault, each with
    file, line, place, value and remedy, in the language of ``svc-plugin.yaml`` (else Chinese).
    """
    reader = Reader(folder)
    main = reader.read(MAIN, MainFile)
    calendar = read_calendar(reader, main.country if main else "CN", now)
    today = day_of(calendar, now)
    registers = read_registers(reader, calendar, today)
    named = read_policies(reader, folder, main, registers.people if registers else None, today)
    secrets = {**_secrets_file(folder), **environ}
    sites = _sites(reader, main, secrets)
    channels = _channels(secrets)
    _check_together(reader, main, registers, channels)
    if reader.faults or main is None or registers is None:
        raise _refusal(reader, _language(reader))
    policies = in_order(named, registers.calendar.zone)
    return Settings(
        folder=folder,
        language=main.language,
        registers=registers,
        policy=policies.at(now),
        policies=policies,
        policy_digest=set_digest(named),
        sites=sites,
        database=_database(folder, secrets.get("SVC_DATABASE_URL") or main.database),
        queue=secrets.get("SVC_QUEUE_URL") or main.queue,
        listen=_listen(main.listen),
        public_url=main.public_url.rstrip("/"),
        workers=main.workers,
        sweep_every=timedelta(seconds=main.sweep_every),
        link_age=timedelta(days=main.link_days),
        keep_deliveries=timedelta(days=main.keep_deliveries_days),
        annex_above=main.annex_above,
        secret_key=secrets.get("SVC_SECRET_KEY", ""),
        pages=main.pages,
        trusted_proxies=frozenset(main.trusted_proxies),
        sign_on_header=main.sign_on_header,
        notify=main.notify,
        channels=channels,
        metrics_from=frozenset(main.metrics_from),
        metrics_token=secrets.get("SVC_METRICS_TOKEN", ""),
    )


def _check_together(
    reader: Reader, main: MainFile | None, registers: Registers | None, channels: Mapping[str, str]
) -> None:
    if main is None or registers is None:
        return
    check_sites(reader, main, registers)
    if main.notify:
        check_channels(reader, registers, channels)


def load_policy(folder: Path, name: str, people: Collection[str]) -> Policy:
    """Read another policy than the one in force: a name in ``policies/``, or the path of a file.

    ``people`` are the known accounts. Raises ``ConfigError`` as ``load_settings`` does.
    """
    path = Path(name)
    given = path.suffix in {".yaml", ".yml"}
    reader = Reader(path.parent if given else folder)
    where = path.name if given else f"policies/{name}.yaml"
    policy, _ = read_policy(reader, path.stem if given else name, where, people)
    if reader.faults:
        raise _refusal(reader, configured_language(folder))
    return policy


def _refusal(reader: Reader, language: str) -> ConfigError:
    texts = load(language)
    return ConfigError([fault.sentence(texts) for fault in reader.faults])


def configured_language(folder: Path) -> str:
    """Return the language that ``svc-plugin.yaml`` names; Chinese when it cannot be told."""
    reader = Reader(folder)
    reader.read(MAIN, MainFile)
    return _language(reader)


def _language(reader: Reader) -> str:
    # a file with faults elsewhere still says in which language to tell them
    named = reader.found(MAIN, ("language",))
    return named if isinstance(named, str) and named in LANGUAGES else "zh"


def _sites(reader: Reader, main: MainFile | None, secrets: Mapping[str, str]) -> dict[str, SiteSettings]:
    sites: dict[str, SiteSettings] = {}
    for name, site in (main.sites if main else {}).items():
        file = reader.read(f"mappings/{site.mapping}.yaml", MappingFile)
        if file is None:
            continue
        prefix = f"SVC_SITE_{name.upper()}"
        hook_secrets = secrets.get(f"{prefix}_HOOK_SECRETS", "").split(",")
        sites[name] = SiteSettings(
            name=name,
            type=site.type,
            url=site.url.rstrip("/"),
            language=site.language,
            mapping=to_mapping(reader, site.mapping, file, site.projects),
            api_key=secrets.get(f"{prefix}_API_KEY", ""),
            hook_secrets=tuple(secret.strip() for secret in hook_secrets if secret.strip()),
            cloud=site.edition == "cloud",
            browse_url=(site.browse_url or site.url).rstrip("/"),
            email=secrets.get(f"{prefix}_EMAIL", ""),
            link_type=site.link_type,
            accounts=site.accounts,
            oauth_client=secrets.get(f"{prefix}_OAUTH_CLIENT", ""),
            oauth_secret=secrets.get(f"{prefix}_OAUTH_SECRET", ""),
            switch_key=secrets.get(f"{prefix}_SIGN_ON_KEY", ""),
            limits=Limits(site.at_once, site.per_minute),
        )
    return sites


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _channels(secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of channels by name."""
    named = (
        (name.removeprefix(VARIABLE), address)
        for name, address in secrets.items()
        if name.startswith(VARIABLE)
    )
    return {name.lower(): address for name, address in named if address}


def _secrets_file(folder: Path) -> dict[str, str]:
    path = folder / "secrets.env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _database(folder: Path, url: str) -> str:
    # a relative SQLite path is meant from the configuration folder, wherever the command is started
    relative = url.removeprefix("sqlite:///")
    if relative == url or relative.startswith("/") or relative == ":memory:":
        return url
    return f"sqlite:///{(folder / relative).resolve()}"
