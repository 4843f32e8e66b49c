"""Comments: which are our own, and which are not for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.directory import Directory
from svc_plugin.sites.jira.wiki import from_wiki, to_wiki
from svc_plugin.sites.notes import note_text, read_note
from svc_plugin.sites.plain import lines


@dataclass(frozen=True, slots=True)
class Comment:
    """One of our comments: its id, and its text without the marker."""

    id: str
    text: str


def is_private(row: Json) -> bool:
    """Tell whether a comment is for some only: a role, a group, or the agents of a service desk."""
    return bool(row.get("visibility")) or row.get("jsdPublic") is False


def is_ours(row: Json, directory: Directory) -> bool:
    """Tell whether a comment is one of ours.

    One that somebody restricted is none any more: nobody is told anything by it. At a service desk ours are
    internal, as customers read along there; the words of one that somebody else edited stay on the site.
    """
    if row.get("visibility") or not directory.is_me(row.get("author")):
        return False
    edited = is_private(row) and not directory.is_me(row.get("updateAuthor", row.get("author")))
    return not edited and read_note(lines(row.get("body"))) is not None


def own_comments(rows: list[Json], directory: Directory) -> Mapping[str, Comment]:
    """Return our comments on an issue by marker; the latest one of each marker counts."""
    found: dict[str, Comment] = {}
    for row in sorted(rows, key=lambda one: int(one["id"])):
        marked = read_note(lines(row.get("body")))
        if marked and is_ours(row, directory):
            found[marked[0]] = Comment(str(row["id"]), from_wiki(marked[1]))
    return found


def comment_body(raw: Json, marker: str, text: str, link: str) -> Json:
    """Return a new comment on an issue as Jira takes it; at a service desk, not for customers."""
    body: Json = {"body": note_text(marker, to_wiki(text), link)}
    if raw["fields"]["project"].get("projectTypeKey") == "service_desk":
        body["properties"] = [{"key": "sd.public.comment", "value": {"internal": True}}]
    return body
