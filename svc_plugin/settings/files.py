"""The shape of the configuration files beside the registers; ``build`` checks what they mean."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from svc_plugin.domain.policy import Mode
from svc_plugin.domain.vocabulary import Field as IssueField
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.settings.shapes import ConfigModel, Language, Name, Span, Url


class SiteFile(ConfigModel):
    """One site: where it is, what it calls things, and which project serves which product."""

    type: Literal["redmine"]
    url: Url
    language: Language = "zh"
    mapping: str = "zh"
    projects: dict[str, str]


class MainFile(ConfigModel):
    """``svc-plugin.yaml``: how the product runs."""

    language: Language = "zh"
    country: str = "CN"
    policy: str = "standard"
    database: str
    queue: str = ""
    listen: Annotated[str, Field(pattern=r"^[^\s:]+:\d{1,5}$")] = "127.0.0.1:8180"
    public_url: Url
    workers: PositiveInt = 2
    sweep_every: PositiveInt = 60
    link_days: PositiveInt = 14
    keep_deliveries_days: PositiveInt = 30
    sites: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], SiteFile]


class PolicyFile(ConfigModel):
    """``policies/NAME.yaml``: which rules act, and their numbers."""

    rules: Mapping[str, Mode] = {}
    first_response: Mapping[str, Span] = {}
    resolution: Mapping[str, Span] = {}
    new_project_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    tester_differs: bool = True
    closing: Mapping[IssueKind, tuple[IssueField, ...]] = {}
    small_change_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class KindFile(ConfigModel):
    """One kind of issue in a mapping."""

    issue_type: Name
    statuses: dict[Stage, str]


class MappingFile(ConfigModel):
    """``mappings/NAME.yaml``: what a site calls things."""

    kinds: dict[IssueKind, KindFile]
    fields: Mapping[IssueField, str] = {}
    choices: Mapping[IssueField, dict[str, str]] = {}
