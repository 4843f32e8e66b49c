"""What must be known to work with one Jira."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from svc_plugin.sites.mapping import SiteMapping


@dataclass(frozen=True, slots=True)
class JiraSettings:
    """One Jira as configured.

    ``api_url`` is where REST is asked (a scoped token of Cloud: ``https://api.atlassian.com/ex/jira/<id>``),
    ``browse_url`` the address that people open. ``cloud`` tells Cloud from Data Center. ``email`` belongs
    to an API token of Cloud; without one the key is a bearer token (Data Center's personal access token).
    ``accounts`` maps our account names to what the site knows people by (Cloud: account ids, which it needs
    for everybody; Data Center: user names, where they differ). ``people`` are the accounts of the register.
    ``link_type`` is the type of link between an issue and the one made for it. ``public_url`` is where the
    site reaches us, "" where that is not known, ``pages_url`` where our pages are, "" when nobody serves
    them. ``makes_versions`` tells whether a rule may make a version, which needs one more permission.
    ``language`` is that of our comments (``zh`` or ``en``), ``zone`` the one in which people write moments
    into fields; time-outs are seconds.
    """

    name: str
    api_url: str
    browse_url: str
    cloud: bool
    api_key: str = field(repr=False)
    language: str
    zone: tzinfo
    mapping: SiteMapping
    email: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    people: frozenset[str] = frozenset()
    link_type: str = "Relates"
    public_url: str = ""
    pages_url: str = ""
    makes_versions: bool = False
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
