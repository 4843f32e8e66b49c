"""What can be told of the Redmine plugin without a Redmine: its files, its words, its syntax."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "webhooks" / "redmine_plugin" / "svc_plugin_hooks"
RUBY = sorted([*PLUGIN.rglob("*.rb"), *PLUGIN.rglob("*.rake")])
FUNCTION = re.compile(r"^( *)def .*?^\1end$", re.MULTILINE | re.DOTALL)


def _locale_keys(language: str) -> set[str]:
    text = (PLUGIN / "config" / "locales" / f"{language}.yml").read_text(encoding="utf-8")
    return set(re.findall(r"^  (\w+):", text, re.MULTILINE))


def _words_used() -> set[str]:
    sources = [*RUBY, *PLUGIN.rglob("*.erb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r":(svc_plugin_hooks_(?!settings|touch|seen|spool)\w+)", text))


def test_every_file_that_redmine_looks_for_is_there() -> None:
    wanted = [
        "init.rb",
        "README.md",
        "LICENSE",
        "app/views/settings/_svc_plugin_hooks.html.erb",
        "config/locales/zh.yml",
        "config/locales/en.yml",
        "db/migrate/001_create_svc_plugin_hooks_spool.rb",
        "lib/svc_plugin_hooks.rb",
        "lib/tasks/svc_plugin_hooks.rake",
    ]
    assert [name for name in wanted if not (PLUGIN / name).is_file()] == []


def test_chinese_and_english_have_the_same_words() -> None:
    assert _locale_keys("zh") == _locale_keys("en")


def test_every_word_a_page_uses_is_translated_and_every_translation_is_used() -> None:
    assert _words_used() == _locale_keys("zh")


def test_the_readme_documents_the_headers_and_the_body_that_are_sent() -> None:
    readme = (PLUGIN / "README.md").read_text(encoding="utf-8")
    sender = (PLUGIN / "lib" / "svc_plugin_hooks" / "sender.rb").read_text(encoding="utf-8")
    headers = set(re.findall(r"'([A-Z][\w-]+)' =>", sender))
    assert headers == {"Content-Type", "User-Agent", "X-Svc-Delivery", "X-Svc-Signature-256"}
    assert {name for name in headers if f"{name}:" not in readme} == set()
    courier = (PLUGIN / "lib" / "svc_plugin_hooks" / "courier.rb").read_text(encoding="utf-8")
    body = re.search(r"\{ event: .*?\}\n", courier, re.DOTALL)
    assert body is not None
    keys = re.findall(r"(?<!: \{ )\b(\w+): ", body.group())
    assert [key for key in keys if f'"{key}"' not in readme] == []


def test_nothing_but_the_issue_reference_is_kept_in_the_spool() -> None:
    migration = (PLUGIN / "db" / "migrate" / "001_create_svc_plugin_hooks_spool.rb").read_text(
        encoding="utf-8"
    )
    columns = set(re.findall(r"t\.\w+ :(\w+)", migration))
    kept = "issue_id project event delivery noted_at tries next_try_at claim claim_until"
    assert columns == set(kept.split())


@pytest.mark.parametrize("path", RUBY, ids=lambda path: path.name)
def test_ruby_files_are_short_and_made_of_short_functions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert [f.group() for f in FUNCTION.finditer(text) if f.group().count("\n") >= 40] == []


@pytest.mark.skipif(shutil.which("ruby") is None, reason="no ruby on this machine")
def test_every_ruby_file_parses_without_a_warning() -> None:
    for path in RUBY:
        done = subprocess.run(["ruby", "-wc", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), path
