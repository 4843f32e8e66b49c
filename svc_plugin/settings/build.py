"""From configuration files to the values of the domain: policy, mappings, sites, and all of them together."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field
from svc_plugin.settings.files import MainFile, MappingFile, PolicyFile
from svc_plugin.settings.reading import Reader
from svc_plugin.sites.mapping import KindMapping, SiteMapping

MAIN = "svc-plugin.yaml"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """One site, ready to connect to; ``hook_secrets`` are all current ones, newest first."""

    name: str
    type: str
    url: str
    language: str
    mapping: SiteMapping
    api_key: str = field(repr=False)
    hook_secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured."""

    folder: Path
    language: str
    registers: Registers
    policy: Policy
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
    secret_key: str = field(repr=False)


def to_policy(reader: Reader, name: str, file: PolicyFile) -> tuple[Policy, str]:
    """Build the policy and the digest by which decisions remember it; unknown names become faults."""
    where = f"policies/{name}.yaml"
    rules = {rule.id for rule in RULES}
    _known(reader, where, "rules", file.rules, rules, "rule_unknown")
    kinds = {*FIELD_SPECS[Field.REQUEST_KIND].choices, "default"}
    _known(reader, where, "first_response", file.first_response, kinds, "kind_unknown")
    severities = {*FIELD_SPECS[Field.SEVERITY].choices, "default"}
    _known(reader, where, "resolution", file.resolution, severities, "severity_unknown")
    policy = Policy(
        name=name,
        modes=file.rules,
        first_response=file.first_response,
        resolution=file.resolution,
        closing=file.closing,
        small_change_hours=file.small_change_hours,
        new_project_hours=file.new_project_hours,
        tester_differs=file.tester_differs,
    )
    return policy, hashlib.sha256(file.model_dump_json().encode()).hexdigest()[:16]


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
        known = FIELD_SPECS[field_].choices
        for choice in labels:
            if choice not in known:
                at = ("choices", field_.value, choice)
                reader.fault(where, at, "choice_unknown", known=", ".join(known))
    kinds = {kind: KindMapping(entry.issue_type, entry.statuses) for kind, entry in file.kinds.items()}
    return SiteMapping(kinds, file.fields, file.choices, dict(projects))


def check_sites(reader: Reader, main: MainFile, registers: Registers) -> None:
    """Every project must serve a product of the register, and no project two."""
    for name, site in main.sites.items():
        used = list(site.projects.values())
        for product, project in site.projects.items():
            place = ("sites", name, "projects", product)
            if product not in registers.products:
                reader.fault(MAIN, place, "project_product_unknown", known=", ".join(registers.products))
            if used.count(project) > 1:
                reader.fault(MAIN, place, "project_doubled")
