"""Our own comments: public notes of our account that bear a marker (``sites.notes``)."""

from collections.abc import Mapping
from dataclasses import dataclass

from svc_plugin.sites.notes import read_note
from svc_plugin.sites.plain import lines
from svc_plugin.sites.redmine.client import Json


@dataclass(frozen=True, slots=True)
class Comment:
    """One of our comments: the number of the journal that holds it, and its text without the marker."""

    journal: int
    text: str


def is_ours(journal: Json, me: int) -> bool:
    """Tell whether a journal holds one of our comments.

    One that somebody made private is none any more: nobody is told anything by it, and its words, which
    others may have edited, must not leave the site.
    """
    public = not journal.get("private_notes", False)
    own = journal.get("user", {}).get("id") == me
    return public and own and read_note(lines(journal.get("notes"))) is not None


def own_comments(raw: Json, me: int) -> Mapping[str, Comment]:
    """Return our comments on an issue by marker; the latest one of each marker counts."""
    found: dict[str, Comment] = {}
    for journal in sorted(raw.get("journals", ()), key=lambda one: int(one["id"])):
        marked = read_note(lines(journal.get("notes")))
        if marked and is_ours(journal, me):
            found[marked[0]] = Comment(int(journal["id"]), marked[1])
    return found
