"""Pages in Debian's Chromium, driven by Playwright; skipped where either is missing."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from svc_plugin.demo.stage import password

WIDE, NARROW = 1280, 390  # px: a desk's screen, a telephone's
FLAGS = [
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
ALARMING = {"serious", "critical"}


@dataclass
class Browser:
    """A Chromium of its own, with nothing kept."""

    made: Any

    @contextmanager
    def tab(self, url: str, *, width: int = WIDE, **more: Any) -> Iterator["Tab"]:
        """Open somebody's window on the pages at ``url``; ``more`` as of Playwright's ``new_context``."""
        context = self.made.new_context(
            base_url=url, viewport={"width": width, "height": 800}, accept_downloads=True, **more
        )
        context.set_default_timeout(20_000)
        try:
            yield Tab(context.new_page())
        finally:
            context.close()


@dataclass
class Tab:
    """One window; ``page`` is Playwright's."""

    page: Any

    def sign_in(self, account: str) -> None:
        self.page.goto("/sign-in")
        self.page.fill("[name=account]", account)
        self.page.fill("[name=password]", password(account))
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_selector("footer form")

    def speak(self, language: str) -> None:
        spoken = "zh-CN" if language == "zh" else language
        if self.page.get_attribute("html", "lang") != spoken:
            self.page.click(f"button[name=language][value={language}]")
            self.page.wait_for_selector(f"html[lang={spoken}]")

    def main(self) -> str:
        text: str = self.page.inner_text("main")
        return text

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        beyond: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return beyond

    def broken_links(self) -> list[str]:
        """Links of the navigation that do not stand on one line."""
        found: list[str] = (
            self.page.evaluate("""[...document.querySelectorAll("header nav a, .tabs a")].filter(link => {
            const words = document.createRange();
            words.selectNodeContents(link);
            return new Set([...words.getClientRects()].map(one => Math.round(one.bottom / 8))).size > 1;
        }).map(link => link.innerText)""")
        )
        return found

    def colours(self) -> tuple[list[float], list[float]]:
        """Of the text and of what it stands on, as red, green and blue; what has no colour is white."""
        found: list[str] = self.page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        ink, ground = ([float(one) for one in re.findall(r"[\d.]+", text)] for text in found)
        return [int(one) for one in ink[:3]], [255] * 3 if ground[3:] == [0.0] else [
            int(one) for one in ground[:3]
        ]

    def violations(self) -> list[str]:
        """What axe finds that is serious or critical: rule, impact and where."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
            for one in found
            if one["impact"] in ALARMING
            for node in one["nodes"]
        ]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Module by module: while it is open no other event loop can run in this thread."""
    program = os.environ.get("SVC_TEST_CHROMIUM") or shutil.which("chromium")
    if not program or not Path(program).exists():
        pytest.skip("install chromium, or name its program in SVC_TEST_CHROMIUM, to test pages in a browser")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="`make browser` installs Playwright and axe to test pages in a browser"
    )
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])  # root has no sandbox
    with playwright.sync_playwright() as driver:
        # Playwright gives each browser a new folder for its user data
        made = driver.chromium.launch(executable_path=program, args=flags)
        yield Browser(made)
        made.close()
