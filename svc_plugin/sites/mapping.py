"""How a site's own names stand for kinds, stages, fields and choices of the process."""

from collections.abc import Mapping
from dataclasses import dataclass

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


@dataclass(frozen=True, slots=True)
class KindMapping:
    """One kind of issue: the site's issue type (Redmine: tracker) and the status of each stage, by name."""

    issue_type: str
    statuses: Mapping[Stage, str]


@dataclass(frozen=True, slots=True)
class SiteMapping:
    """The whole mapping of one site.

    ``fields`` maps our fields to the site's custom field names, ``choices`` our choices to the site's
    labels, ``projects`` product keys to the site's project identifiers.
    """

    kinds: Mapping[IssueKind, KindMapping]
    fields: Mapping[Field, str]
    choices: Mapping[Field, Mapping[str, str]]
    projects: Mapping[str, str]

    def kind_of(self, issue_type: str) -> IssueKind | None:
        """Return the kind that an issue type of the site stands for."""
        return next((kind for kind, known in self.kinds.items() if known.issue_type == issue_type), None)

    def stage_of(self, kind: IssueKind | None, status: str) -> Stage | None:
        """Return the stage that a status stands for on issues of this kind; None when it is not mapped."""
        if kind is None:
            return None
        return next((stage for stage, name in self.kinds[kind].statuses.items() if name == status), None)

    def status_of(self, kind: IssueKind | None, stage: Stage) -> str:
        """Return the site's status for a stage. Raises ``UnmappedError``."""
        known = self.kinds.get(kind) if kind else None
        if known is None or stage not in known.statuses:
            raise UnmappedError(f"no status is configured for stage '{stage}' of kind '{kind}'")
        return known.statuses[stage]

    def product_of(self, project: str) -> str:
        """Return the product that a project serves, "" when it serves none."""
        return next((product for product, name in self.projects.items() if name == project), "")

    def to_site(self, name: Field, value: str) -> str:
        """Return the site's label for a choice; any other value as it is."""
        return self.choices.get(name, {}).get(value, value)

    def from_site(self, name: Field, label: str) -> str:
        """Return our choice for the site's label; any other value as it is."""
        labels = self.choices.get(name, {})
        return next((value for value, known in labels.items() if known == label), label)
