"""A copy of the example company to break, and what is then said about it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from svc_plugin.domain.errors import ConfigError
from svc_plugin.settings import load_settings
from tests.builders import CONFIG, NOW

SENTENCE = re.compile(
    r"(?P<file>[\w./-]+):(?P<line>\d+): (?:(?P<place>\S+) = (?P<value>.+?): )?(?P<remedy>.+)"
)


@dataclass(frozen=True)
class Company:
    """A configuration folder; its faults are told in the language asked for."""

    folder: Path

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace ``old``, which must stand there, and return the line of the replacement."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def speak(self, language: str) -> None:
        self.edit("svc-plugin.yaml", "language: zh", f"language: {language}")

    def faults(self) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load_settings(self.folder, {}, now=NOW)
        return caught.value.faults


def copied(folder: Path) -> Company:
    shutil.copytree(CONFIG, folder)
    return Company(folder)
