"""Sends messages to people's own channels: mail, WeCom, DingTalk, Feishu and whatever else apprise reaches.

A channel is an address that holds a secret. It never stands in an error or a log line; its name does.
"""

import importlib
import logging
from collections.abc import Mapping
from typing import Any

from svc_plugin.domain.errors import ConfigError, TransientError

VARIABLE = "SVC_NOTIFY_"


class Channels:
    """Channels by name. ``addresses`` are apprise URLs such as ``wecombot://KEY``.

    Raises ``ConfigError`` when apprise is not installed or does not understand an address.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._apprise = _apprise()
        faults: list[str] = []
        self._known: dict[str, Any] = {}
        for name, address in addresses.items():
            known = self._apprise.Apprise()
            if known.add(address):
                self._known[name] = known
            else:
                faults.append(
                    f"{VARIABLE}{name.upper()} = (hidden): apprise does not understand this address; "
                    "write one like wecombot://KEY or mailtos://USER:PASSWORD@HOST?to=ADDRESS"
                )
        if faults:
            raise ConfigError(faults)

    def send(self, channel: str, title: str, text: str) -> None:
        """Send one message. Raises ``TransientError`` when it was not taken."""
        known = self._known.get(channel)
        if known is None:
            raise TransientError(f"channel '{channel}': {VARIABLE}{channel.upper()} is not set; add it")
        try:
            taken = known.notify(title=title, body=text, body_format=self._apprise.NotifyFormat.TEXT)
        except Exception as error:  # noqa: BLE001 - of any library behind it; its words may hold the address
            raise TransientError(f"channel '{channel}': {type(error).__name__} while sending") from None
        if not taken:
            raise TransientError(
                f"channel '{channel}' did not take it; try `svc-plugin notify test {channel}`"
            )


def _apprise() -> Any:
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise ConfigError(
            ["notify = true: the package apprise is not installed; run pip install 'svc-plugin[notify]'"]
        ) from error
    # it logs addresses; what matters is told by our own log
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return apprise
