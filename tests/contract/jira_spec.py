"""Holds every exchange with a Jira against Atlassian's own description of Jira Cloud.

The official descriptions come with the package ``jira-as``. They are of REST v3; v2 has the same paths and
differs in rich text alone, which v3's description leaves open.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Flask, Response, request
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

SPECS = {
    "/rest/api/": "jira-platform-swagger-v3.json",
    "/rest/servicedeskapi/": "jira-servicedesk-swagger-v3.json",
}
# what the descriptions say of no single operation, because any can answer it
EVERYWHERE = {401, 403, 409, 410, 429, *range(500, 600)}

# where a real Jira differs from its own description, so that we follow the server
DEVIATIONS = (
    (
        r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}' is not a 'date-time'",
        "no colon in the offset, as every capture has it",
    ),
    (r"items/\d+/(from|fromString|to|toString): None ", "no id or no text is null, in every capture"),
    (r"/attachments 200: : {} is not of type 'array'", "a form of files is described as a list"),
    (r"/context/mapping 200: values/\d+/contextId: None ", "null for none, as its text and example say"),
    (r"/screenscheme 200: values/\d+/screens: .* write-only", "the example of the same answer shows them"),
    (r"/assignee 204: accountId: None ", "null unassigns, as the text of the description says"),
    (r"( 204|/issueLink 201): MissingData", "an answer without a body is described as JSON of any kind"),
)


@cache
def _described(name: str) -> dict[str, Any]:
    """One of the official descriptions, with its v3 paths as v2 and on any server."""
    data: dict[str, Any] = json.loads((files("jira_as") / "specs" / name).read_text(encoding="utf-8"))
    data["paths"] = {_shape(path): (path, item) for path, item in data["paths"].items()}
    data.pop("security", None)
    for _, item in data["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return data


def _shape(path: str) -> str:
    """A path with bare places: the names of parameters differ between us and the description."""
    return re.sub(r"[<{][^>}]*[>}]", "{}", path.replace("/rest/api/3/", "/rest/api/2/"))


@cache
def description(name: str, rule: str) -> OpenAPI | None:
    """What a description says of one path, None if nothing; all paths together are ten times slower."""
    data = _described(name)
    if _shape(rule) not in data["paths"]:
        return None
    path, item = data["paths"][_shape(rule)]
    gateway = {"url": "/ex/jira/{cloudId}", "variables": {"cloudId": {"default": ""}}}
    one = {
        **data,
        "paths": {path.replace("/rest/api/3/", "/rest/api/2/"): item},
        "servers": [{"url": "/"}, gateway],
    }
    # Atlassian's own description breaks the rules for descriptions in one enumeration
    return OpenAPI.from_dict(one, config=Config(spec_validator_cls=None))


@dataclass
class SpecWatch:
    """What in the exchanges did not fit; ``seen`` are the operations that were held against a description.

    With ``refused_too`` requests that were refused are held against it as well.
    """

    refused_too: bool = True
    violations: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def look(self, response: Response) -> Response:
        """Check the request at hand and its answer."""
        name = next((known for start, known in SPECS.items() if request.path.startswith(start)), None)
        if name is None or response.status_code == 501:
            return response
        told = f"{request.method} {request.path} {response.status_code}"
        spec = description(name, str(request.url_rule))
        if spec is None:
            self.violations.append(f"{told}: the description has no such path")
            return response
        asked = WerkzeugOpenAPIRequest(request)
        if response.status_code < 400 or self.refused_too:
            self._note(told, lambda: spec.validate_request(asked))
        if response.status_code not in EVERYWHERE:
            self._note(told, lambda: spec.validate_response(asked, WerkzeugOpenAPIResponse(response)))
        self.seen.add(f"{request.method} {request.url_rule}")
        return response

    def _note(self, told: str, check: Any) -> None:
        try:
            check()
        except OpenAPIError as error:
            found = [f"{told}: {reason}" for reason in reasons(error)]
            self.violations += [one for one in found if not _known(one)]


def _known(violation: str) -> bool:
    return any(re.search(pattern, violation) for pattern, _ in DEVIATIONS)


def reasons(error: BaseException) -> list[str]:
    """What is wrong, in a line for each fault."""
    cause = error.__cause__
    faults = getattr(error, "schema_errors", None) or getattr(cause, "schema_errors", None)
    if faults:
        return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}" for fault in faults]
    return [f"{type(error).__name__}: {error} {cause or ''}"[:300]]


def _keep_body() -> None:
    """Read the body whole: nothing is left of a form once its files were taken out."""
    request.get_data()


def watched(app: Flask, *, refused_too: bool = True) -> SpecWatch:
    """Hold every exchange with ``app``, a Jira in cloud mode, against the descriptions."""
    watch = SpecWatch(refused_too)
    app.before_request(_keep_body)
    app.after_request(watch.look)
    return watch
