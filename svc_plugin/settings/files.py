"""The shape of the configuration files beside the registers; ``build`` checks what they mean."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, NonNegativeInt, PositiveInt

from svc_plugin.domain.policy import Mode
from svc_plugin.domain.vocabulary import Field as IssueField
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.settings.shapes import (
    Address,
    ConfigModel,
    Language,
    Name,
    Percent,
    Share,
    Span,
    TimeOfDay,
    Url,
)


class SiteFile(ConfigModel):
    """One site: where it is, what it calls things, and which project serves which product.

    ``edition`` to ``accounts`` are for Jira only.
    """

    type: Literal["redmine", "jira"]
    url: Url
    edition: Literal["cloud", "data_center"] | None = None
    browse_url: Url | None = None
    link_type: Name = "Relates"
    accounts: Mapping[str, Name] = {}
    language: Language = "zh"
    mapping: str = "zh"
    at_once: PositiveInt = 8
    per_minute: NonNegativeInt = 0
    projects: dict[str, str]


class DatedPolicyFile(ConfigModel):
    """A policy (the name of a file of ``policies/``) and the day from which it is in force."""

    starts_on: Annotated[date, Field(alias="from")]
    use: Name


def _dated(value: object) -> object:
    return [{"from": date.min, "use": value}] if isinstance(value, str) else value


PolicyChoice = Annotated[
    tuple[DatedPolicyFile, ...],
    BeforeValidator(_dated, json_schema_input_type=Name | tuple[DatedPolicyFile, ...]),
]


class MainFile(ConfigModel):
    """``svc-plugin.yaml``: how the product runs."""

    language: Language = "zh"
    country: str = "CN"
    policy: PolicyChoice = Field(default="standard", validate_default=True)
    database: str
    queue: str = ""
    listen: Annotated[str, Field(pattern=r"^[^\s:]+:\d{1,5}$")] = "127.0.0.1:8180"
    public_url: Url
    workers: PositiveInt = 2
    sweep_every: PositiveInt = 60
    link_days: PositiveInt = 14
    keep_deliveries_days: PositiveInt = 30
    annex_above: NonNegativeInt = 500
    notify: bool = False
    pages: bool = True
    trusted_proxies: tuple[Address, ...] = ()
    metrics_from: tuple[Address, ...] = ()
    sign_on_header: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$")] = ""
    sites: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], SiteFile]


class KeywordsFile(ConfigModel):
    """Words that suggest a value: ``is`` names the choice of the field."""

    words: Annotated[tuple[Name, ...], Field(min_length=1)]
    value: Annotated[Name, Field(alias="is")]


class StepFile(ConfigModel):
    """One step of a ladder; ``level`` is written ``raise``, a word that Python keeps for itself."""

    at: Percent
    to: Name
    level: Annotated[NonNegativeInt, Field(alias="raise")] = 0
    assign: bool = False


class LadderFile(ConfigModel):
    """The steps for a kind of issue and a severity; one that is left out stands for any."""

    kind: IssueKind | None = None
    severity: str = ""
    steps: Annotated[tuple[StepFile, ...], Field(min_length=1)]


class PolicyFile(ConfigModel):
    """``policies/NAME.yaml``: which rules act, and their numbers."""

    rules: Mapping[str, Mode] = {}
    first_response: Mapping[str, Span] = {}
    resolution: Mapping[str, Span] = {}
    new_project_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    tester_differs: bool = True
    closing: Mapping[IssueKind, tuple[IssueField, ...]] = {}
    ending: Mapping[Stage, tuple[IssueField, ...]] = {}
    task_closing: Mapping[str, tuple[IssueField, ...]] = {}
    visit_cut_off: Annotated[TimeOfDay, Field(json_schema_extra={"default": "15:00"})] = time(15)
    small_change_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    contract_warning_days: NonNegativeInt = 0
    reclassify_watch: Share = 0.0
    recording_delay: Span | None = None
    consult_within: Span | None = None
    report_within: Span | None = None
    suggestions: Mapping[Literal["request_kind", "maintenance_class"], tuple[KeywordsFile, ...]] = {}
    escalation: tuple[LadderFile, ...] = ()
    classification: Span | None = None
    decision: Span | None = None
    thanks: Span | None = None
    approval: Span | None = None
    update_coverage: Span | None = None
    pauses: Mapping[str, tuple[Stage, ...]] = {}
    customer_hours: bool = False


class KindFile(ConfigModel):
    """One kind of issue in a mapping."""

    issue_type: Name
    statuses: dict[Stage, str]


class MappingFile(ConfigModel):
    """``mappings/NAME.yaml``: what a site calls things."""

    kinds: dict[IssueKind, KindFile]
    fields: Mapping[IssueField, str] = {}
    choices: Mapping[IssueField, dict[str, str]] = {}
