"""Fails a run in whose output a secret stands: what a test prints by the way would stand in a log.

Secrets of the tests are spelled ``planted-…``, so that they are known wherever they turn up. A test that
prints one on purpose is marked ``shows_secrets``.
"""

import re
from dataclasses import dataclass, field

import pytest

from svc_plugin.demo.stage import ADMIN, BOT, api_key

_KEYS = "|".join(api_key(name) for name in (ADMIN, BOT))
SECRET = re.compile(
    rf"planted-[\w.-]+|k{{40}}|{_KEYS}"
    # whatever a library shows of its headers: signatures prove no less than keys do
    r"|Authorization['\"]?\s*[:=]\s*b?['\"]?(?:Basic|Bearer|JWT)\s+\S+|X-Redmine-API-Key['\"]?\s*[:=]\s*\S+"
)


@dataclass(eq=False)  # a plugin must be hashable
class LeakWatch:
    """A plugin of pytest, for the process that reports: reports of other workers come to it."""

    found: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Search what was printed and logged while a test was set up, ran and was put away."""
        if "shows_secrets" in report.keywords:
            return
        for name, content in report.sections:
            secret = SECRET.search(content)
            if secret and f"{report.nodeid}: {name}" not in self.found:
                self.found.append(f"{report.nodeid}: {name}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail."""
        if self.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the tests, and not what they showed."""
        if self.found:
            terminalreporter.section("secrets in the output", red=True, bold=True)
            for one in dict.fromkeys(self.found):
                terminalreporter.line(one)


def pytest_configure(config: pytest.Config) -> None:
    """Watch from the process that reports."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LeakWatch(), "leaks")
