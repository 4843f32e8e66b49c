"""Names of several sites, a site at a time: SQLite has no index for pairs of values in a list."""

from collections.abc import Iterable, Mapping


def by_site(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the names of each site, both in the order in which they come; ``pairs`` are site and name."""
    named: dict[str, list[str]] = {}
    for site, name in pairs:
        named.setdefault(site, []).append(name)
    return named
