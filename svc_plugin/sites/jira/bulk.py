"""Many issues in few requests: what a sync reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from svc_plugin.domain.errors import ChangeRefusedError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.sites.jira.client import PAGE, Json
from svc_plugin.sites.jira.reader import Reader

_MOST_CHANGELOGS: Final = 1000  # issues in one request
_MOST_CHANGES: Final = 10_000  # entries in one answer


@dataclass(frozen=True, slots=True)
class BulkReader:
    """Reads issues by the hundred; on Cloud their changelogs apart: with the issues they are cut at 40."""

    reader: Reader

    def read(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Issue]:
        """Return what could be read; who watches an issue is told as far as it is known."""
        keys = [ref.key for ref in refs if ref.key.isdecimal()]
        read = self._of_cloud if self.reader.client.cloud else self._of_data_center
        watching = self.reader.watching
        issues = (self.reader.made(raw, changes, watching.known(raw)) for raw, changes in read(keys))
        return {issue.ref: issue for issue in issues}

    def _of_cloud(self, keys: Sequence[str]) -> Iterator[tuple[Json, Sequence[Json]]]:
        for part in _parts(keys, _MOST_CHANGELOGS):
            rows: list[Json] = []
            for some in _parts(part, PAGE):
                body = {"issueIdsOrKeys": some, "fields": self.reader.fields()}
                rows += self.reader.client.ask("/issue/bulkfetch", body)["issues"]
            # afterwards: an issue that changes meanwhile is then older here than there, and is found again
            changes = self._changelogs([str(raw["id"]) for raw in rows])
            for raw in rows:
                yield raw, changes.get(str(raw["id"]), ())

    def _changelogs(self, keys: Sequence[str]) -> Mapping[str, Sequence[Json]]:
        found: dict[str, list[Json]] = {}
        body: Json = {"issueIdsOrKeys": keys, "maxResults": _MOST_CHANGES}
        while keys:
            answer: Json = self.reader.client.ask("/changelog/bulkfetch", body)
            for one in answer["issueChangeLogs"]:
                found.setdefault(str(one["issueId"]), []).extend(one["changeHistories"])
            if not answer.get("nextPageToken"):
                break
            body["nextPageToken"] = answer["nextPageToken"]
        return found

    def _of_data_center(self, keys: Sequence[str]) -> Iterator[tuple[Json, Sequence[Json]]]:
        """Read by a search, which gives whole changelogs; an issue that is gone spoils it for its hundred."""
        for some in _parts(keys, PAGE):
            body: Json = {"jql": f"id in ({','.join(some)})", "fields": self.reader.fields()}
            body |= {"expand": ["changelog"], "maxResults": len(some)}
            try:
                found: Json = self.reader.client.ask("/search", body)
            except ChangeRefusedError:
                continue
            for raw in found["issues"]:
                log: Json = raw["changelog"]
                rows: Sequence[Json] = log["histories"]
                if len(rows) >= int(log.get("total", len(rows))):
                    yield raw, rows


def _parts(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (keys[begin : begin + size] for begin in range(0, len(keys), size))
