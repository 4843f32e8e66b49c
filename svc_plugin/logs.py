"""One structured line an event on standard error; secrets and bodies are never fields of it.

JSON where no person reads along, from our code and from libraries alike. Every line written while an issue
is worked on names ``delivery``, ``issue`` and ``plan``. Should a secret get into a line all the same, it is
struck out of the finished text.
"""

import json
import logging
import sys
from collections.abc import Iterable

import structlog

_SHORTEST = 6  # shorter ones would strike out ordinary words
_HIDDEN = "***"
_secrets: set[str] = set()


def configure_logs(*, quiet: bool = False) -> None:
    """Write readable lines to a terminal and JSON lines elsewhere; ``quiet`` leaves out what goes well."""
    readable = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        # the values in the frames of a traceback hold keys
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, renderer, _strike_out],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-1], structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
                _strike_out,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def hide(secrets: Iterable[str]) -> None:
    """Strike these out of every line from now on, as they are and as JSON writes them."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            _secrets.update((secret, json.dumps(secret, ensure_ascii=False)[1:-1]))


def _strike_out(_logger: object, _name: str, line: object) -> str:
    text = str(line)
    for secret in _secrets:
        if secret in text:
            text = text.replace(secret, _HIDDEN)
    return text
