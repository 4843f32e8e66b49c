"""What can be told of the console script without a Redmine: its syntax, its answer, its manners."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "svc_plugin" / "sites" / "redmine" / "console" / "setup.rb"
TEXT = SCRIPT.read_text(encoding="utf-8")


def test_the_head_documents_every_part_of_the_answer() -> None:
    head = TEXT.split("require 'json'")[0]
    answer = re.search(r"def to_h\n(.*?)\n  end", TEXT, re.DOTALL)
    kinds = re.search(r"KINDS = %w\[(.*?)\]", TEXT)
    assert answer is not None
    assert kinds is not None
    parts = re.findall(r"(\w+):", answer.group(1)) + kinds.group(1).split()
    assert [part for part in parts if f'"{part}"' not in head] == []


def test_every_section_of_a_blueprint_is_read() -> None:
    sections = "statuses trackers custom_fields roles workflow activities projects users memberships"
    assert set(re.findall(r"list\('(\w+)'\)", TEXT)) == set(sections.split())


def test_the_script_never_deletes_anything() -> None:
    assert re.findall(r"\b(?:destroy|delete|replace_transitions|drop)\w*", TEXT) == []


def test_the_script_is_short_and_made_of_short_functions() -> None:
    assert len(TEXT.splitlines()) <= 300
    functions = re.finditer(r"^( *)def .*?^\1end$", TEXT, re.MULTILINE | re.DOTALL)
    assert [f.group() for f in functions if f.group().count("\n") >= 40] == []


@pytest.mark.skipif(shutil.which("ruby") is None, reason="no ruby on this machine")
def test_the_script_parses_without_a_warning() -> None:
    done = subprocess.run(["ruby", "-wc", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
