"""What must be known to work with one Redmine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from svc_plugin.sites.mapping import SiteMapping


@dataclass(frozen=True, slots=True)
class RedmineSettings:
    """One Redmine as configured.

    ``url`` is the address of its start page, ``language`` that of our comments (``zh`` or ``en``),
    ``zone`` the one in which its people write moments into fields; time-outs are seconds. ``people``
    maps display names to logins: Redmine hides locked accounts, so that only the name of somebody who
    has left can still be read in a history. ``check_url`` begins the address of an issue's check page, ""
    where there are no pages.
    """

    name: str
    url: str
    api_key: str = field(repr=False)
    language: str
    zone: tzinfo
    mapping: SiteMapping
    connect_timeout: float = 3.05
    read_timeout: float = 30.0
    people: Mapping[str, str] = field(default_factory=dict[str, str])
    check_url: str = ""
