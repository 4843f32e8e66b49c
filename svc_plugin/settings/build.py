"""From configuration files to the values of the domain: policy, mappings, sites, and all of them together."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from svc_plugin.channels import VARIABLE
from svc_plugin.domain.clocks import CLOCKS
from svc_plugin.domain.policy import Keywords, Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, FieldType, IssueKind, Stage
from svc_plugin.engine.pacing import Limits
from svc_plugin.settings.checks import PEOPLE
from svc_plugin.settings.files import MainFile, MappingFile, PolicyFile, SiteFile
from svc_plugin.settings.ladders import to_ladders
from svc_plugin.settings.reading import Reader
from svc_plugin.sites.mapping import KindMapping, SiteMapping

MAIN = "svc-plugin.yaml"
_TASK_KINDS = FIELD_SPECS[Field.TASK_KIND].choices
_TASK_FIELDS = [name for name, spec in FIELD_SPECS.items() if IssueKind.SERVICE_TASK in spec.kinds]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """One site, ready to connect to; ``hook_secrets`` are all current ones, newest first.

    All workers together keep to its ``limits``. ``cloud`` to ``accounts`` are for Jira only: ``cloud``
    tells its editions apart, ``browse_url`` is what people open, ``email`` belongs to an API token,
    ``accounts`` maps our account names to the site's ids of people. ``oauth_client`` and ``oauth_secret``
    are the application registered there to sign people in; ``switch_key`` is an administrator's key of a
    Redmine whose people a proxy authenticates.
    """

    name: str
    type: str
    url: str
    language: str
    mapping: SiteMapping
    api_key: str = field(repr=False)
    hook_secrets: tuple[str, ...] = field(repr=False)
    cloud: bool = False
    browse_url: str = ""
    email: str = ""
    link_type: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    oauth_client: str = ""
    oauth_secret: str = field(default="", repr=False)
    switch_key: str = field(default="", repr=False)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured; ``policy`` is that of ``policies`` in force at the start."""

    folder: Path
    language: str
    registers: Registers
    policy: Policy
    policies: Policies
    policy_digest: str
    sites: Mapping[str, SiteSettings]
    database: str = field(repr=False)
    queue: str = field(repr=False)
    listen: tuple[str, int]
    public_url: str
    workers: int
    sweep_every: timedelta
    link_age: timedelta
    keep_deliveries: timedelta
    annex_above: int
    secret_key: str = field(repr=False)
    pages: bool
    trusted_proxies: frozenset[str]
    sign_on_header: str
    notify: bool
    channels: Mapping[str, str] = field(repr=False)
    metrics_from: frozenset[str] = frozenset()
    metrics_token: str = field(default="", repr=False)

    @property
    def secrets(self) -> frozenset[str]:
        """Everything that no log may show."""
        sites = self.sites.values()
        keys = {key for one in sites for key in (one.api_key, one.oauth_secret, one.switch_key)}
        keys |= {secret for site in sites for secret in site.hook_secrets}
        passwords = {urlsplit(url).password or "" for url in (self.database, self.queue)}
        return frozenset(
            (keys | passwords | {self.secret_key, self.metrics_token, *self.channels.values()}) - {""}
        )


def to_policy(
    reader: Reader, name: str, where: str, file: PolicyFile, people: Collection[str] | None
) -> tuple[Policy, str]:
    """Build the policy and the digest by which decisions remember it; unknown names become faults.

    ``where`` is the file's path in the reader's folder, ``people`` are the known accounts, None when the
    register could not be read.
    """
    _check_policy(reader, where, file)
    policy = Policy(
        name=name,
        modes=file.rules,
        first_response=file.first_response,
        resolution=file.resolution,
        closing=file.closing,
        ending=file.ending,
        task_closing=file.task_closing,
        visit_cut_off=file.visit_cut_off,
        small_change_hours=file.small_change_hours,
        new_project_hours=file.new_project_hours,
        tester_differs=file.tester_differs,
        contract_warning_days=file.contract_warning_days,
        reclassify_watch=file.reclassify_watch,
        recording_delay=file.recording_delay,
        consult_within=file.consult_within,
        report_within=file.report_within,
        suggestions={
            Field(field_): tuple(Keywords(entry.words, entry.value) for entry in keywords)
            for field_, keywords in file.suggestions.items()
        },
        escalation=to_ladders(reader, where, file.escalation, people),
        classification=file.classification,
        decision=file.decision,
        thanks=file.thanks,
        approval=file.approval,
        update_coverage=file.update_coverage,
        pauses=file.pauses,
        customer_hours=file.customer_hours,
    )
    return policy, hashlib.sha256(file.model_dump_json().encode()).hexdigest()[:16]


def _check_policy(reader: Reader, where: str, file: PolicyFile) -> None:
    rules = {rule.id for rule in RULES}
    _known(reader, where, "rules", file.rules, rules, "rule_unknown")
    kinds = {*FIELD_SPECS[Field.REQUEST_KIND].choices, "default"}
    _known(reader, where, "first_response", file.first_response, kinds, "kind_unknown")
    severities = {*FIELD_SPECS[Field.SEVERITY].choices, "default"}
    _known(reader, where, "resolution", file.resolution, severities, "severity_unknown")
    for name, keywords in file.suggestions.items():
        choices = FIELD_SPECS[Field(name)].choices
        for number, entry in enumerate(keywords):
            if entry.value not in choices:
                place = ("suggestions", name, number, "is")
                reader.fault(where, place, "choice_unknown", known=", ".join(choices))
    _known(reader, where, "ending", file.ending, {Stage.REJECTED, Stage.CONVERTED}, "stage_unknown")
    _known(reader, where, "task_closing", file.task_closing, set(_TASK_KINDS), "task_kind_unknown")
    for kind, wanted in file.task_closing.items():
        for number, one in enumerate(wanted):
            if one not in _TASK_FIELDS:
                reader.fault(
                    where, ("task_closing", kind, number), "task_field", known=", ".join(_TASK_FIELDS)
                )
    _check_pauses(reader, where, file)


def _check_pauses(reader: Reader, where: str, file: PolicyFile) -> None:
    kinds = {spec.name: spec.kind for spec in CLOCKS if spec.pauses}
    _known(reader, where, "pauses", file.pauses, {*kinds}, "clock_unknown")
    if file.pauses.get("resolution"):
        reader.fault(where, ("pauses", "resolution"), "pause_resolution")
    for name, stages in file.pauses.items():
        known = STAGES[kinds[name]] if name in kinds else tuple(Stage)
        for number, stage in enumerate(stages):
            if stage not in known:
                reader.fault(where, ("pauses", name, number), "stage_unknown", known=", ".join(known))


def _known(reader: Reader, where: str, part: str, used: Iterable[str], known: set[str], key: str) -> None:
    for name in used:
        if name not in known:
            reader.fault(where, (part, name), key, known=", ".join(sorted(known)))


def to_mapping(reader: Reader, name: str, file: MappingFile, projects: Mapping[str, str]) -> SiteMapping:
    """Build a site's mapping; stages of another kind and unknown choices become faults."""
    where = f"mappings/{name}.yaml"
    for kind, entry in file.kinds.items():
        used = list(entry.statuses.values())
        for stage, status in entry.statuses.items():
            place = ("kinds", kind.value, "statuses", stage.value)
            if stage not in STAGES[kind]:
                reader.fault(where, place, "stage_unknown", known=", ".join(STAGES[kind]))
            if used.count(status) > 1:
                reader.fault(where, place, "status_doubled")
    for field_, labels in file.choices.items():
        spec = FIELD_SPECS[field_]
        known = ("yes", "no") if spec.type is FieldType.YES_NO else spec.choices
        for choice in labels:
            if choice not in known:
                at = ("choices", field_.value, choice)
                reader.fault(where, at, "choice_unknown", known=", ".join(known))
    kinds = {kind: KindMapping(entry.issue_type, entry.statuses) for kind, entry in file.kinds.items()}
    return SiteMapping(kinds, file.fields, file.choices, dict(projects))


def check_sites(reader: Reader, main: MainFile, registers: Registers) -> None:
    """Every project must serve a product of the register, and no project two; Jira's keys are for Jira."""
    if main.sign_on_header and not main.trusted_proxies:
        reader.fault(MAIN, ("sign_on_header",), "sign_on_unguarded")
    for name, site in main.sites.items():
        _check_jira(reader, name, site, registers)
        used = list(site.projects.values())
        for product, project in site.projects.items():
            place = ("sites", name, "projects", product)
            if product not in registers.products:
                reader.fault(MAIN, place, "project_product_unknown", known=", ".join(registers.products))
            if used.count(project) > 1:
                reader.fault(MAIN, place, "project_doubled")


def check_channels(reader: Reader, registers: Registers, channels: Collection[str]) -> None:
    """Every channel that a person names must have an address."""
    for index, person in enumerate(registers.people.values()):
        for number, name in enumerate(person.notify):
            if name not in channels:
                place = (index, "notify", number)
                reader.fault(PEOPLE, place, "channel_secret", variable=f"{VARIABLE}{name.upper()}")


def _check_jira(reader: Reader, name: str, site: SiteFile, registers: Registers) -> None:
    """A Jira needs its edition; each of its accounts stands for one person of the register."""
    if site.type != "jira":
        for key in sorted(site.model_fields_set & {"edition", "browse_url", "link_type", "accounts"}):
            reader.fault(MAIN, ("sites", name, key), "only_jira")
        return
    if site.edition is None:
        reader.fault(MAIN, ("sites", name), "edition_missing")
    used = list(site.accounts.values())
    for account, known in site.accounts.items():
        place = ("sites", name, "accounts", account)
        if account not in registers.people:
            reader.fault(MAIN, place, "site_account_unknown")
        if used.count(known) > 1:
            reader.fault(MAIN, place, "site_account_doubled")
