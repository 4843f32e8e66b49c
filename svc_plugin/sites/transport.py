"""How requests to every site are sent: bounded in time, no redirects, every failure an exception."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

from svc_plugin.telemetry.requests import watched_request


class StrictAdapter(HTTPAdapter):
    """Bounds every request in time and turns every answer but success into an exception.

    Trackers' client libraries ignore their own time-outs and drop the answer of a failed request. A redirect
    is a failure too: following one turns a PUT into a GET and shows our key to another server. ``site``
    is the configured name under which requests are measured, "" in the name of a person.
    """

    def __init__(self, timeouts: tuple[float, float], site: str = "") -> None:
        super().__init__()
        self._timeouts = timeouts
        self._site = site

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send with our time-outs. Raises ``requests.HTTPError`` with the answer in it."""
        options["timeout"] = self._timeouts
        with watched_request(self._site, request.method or "", request.url or "") as answer:
            response = super().send(request, *args, **options)
            answer.status = response.status_code
        if not 200 <= response.status_code < 300:
            _ = response.content  # read now: nobody else will
            raise requests.HTTPError(request=request, response=response)
        return response
