"""One structured line an event on standard error; secrets and bodies are never fields of it."""

import logging
import sys

import structlog


def configure_logs(*, quiet: bool = False) -> None:
    """Write readable lines to a terminal and JSON lines elsewhere; ``quiet`` leaves out what goes well."""
    readable = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        # the values in the frames of a traceback hold keys
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
