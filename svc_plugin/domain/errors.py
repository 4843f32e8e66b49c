"""Two families of failure: what passes by itself, and what a person must see to."""

from datetime import datetime


class SvcPluginError(Exception):
    """Base of every error the product raises on purpose."""


class TransientError(SvcPluginError):
    """It will pass: network, time-out, 429, 5xx, a locked database. ``retry_after`` is in seconds.

    ``site_wide``: the site as a whole does not answer, so that trying other issues there is no use either.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, site_wide: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.site_wide = site_wide


class TerminalError(SvcPluginError):
    """Trying again changes nothing: a person must act.

    ``recheck_at`` is the next moment at which time alone brings something new; None when there is none.
    """

    recheck_at: datetime | None = None


class IssueNotFoundError(TerminalError):
    """The site does not have this issue, or our account may not see it."""


class ChangeRefusedError(TerminalError):
    """The site answered a write with success and did not do it, or refused it."""


class BrakeHeldError(TerminalError):
    """So much was changed on the site within an hour that a person must look before we go on."""


class RuleConflictError(TerminalError):
    """Two rules want different things of one issue."""


class UnmappedError(TerminalError):
    """The configuration names no counterpart on the site for something a plan needs."""


class ConfigError(SvcPluginError):
    """The configuration has faults; ``faults`` lists all of them, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
