"""Templates in the configuration folder: begun and checked on the command line, used by the library."""

import sys
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from docgen.company.faults import RefusedTemplateError
from svc_plugin.bootstrap import build, templates_of
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.documents.library import wanted_document
from svc_plugin.domain.errors import ConfigError
from svc_plugin.settings import load_settings
from tests.builders import MONDAY, NOW
from tests.documents.stationery import letterhead, saved, saying

KIND = "service_plan"
FAULTY = saying("{{ doc.authors }}", "{{ doc.nobody_knows }}")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_config(tmp_path / "config", api_key="k" * 40)
    (tmp_path / "config" / "templates").mkdir()
    return tmp_path / "config"


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), *arguments], catch_exceptions=False)


def put(config: Path, template: bytes, name: str = f"{KIND}.zh.docx") -> Path:
    (path := config / "templates" / name).write_bytes(template)
    return path


def made(config: Path, language: str = "zh") -> bytes:
    services = build(load_settings(config, {}, now=NOW), sites={})
    try:
        product = next(iter(services.settings.registers.products))
        wanted = wanted_document(KIND, product, "2026")
        return services.library.create(wanted, language=language, now=MONDAY).content
    finally:
        services.close()


def header(data: bytes) -> str:
    return docx.Document(BytesIO(data)).sections[0].header.paragraphs[0].text


def test_a_template_in_the_folder_is_used_for_its_kind_and_language_only(config):
    put(config, saved(letterhead()))
    assert header(made(config)).startswith("Hengtong · ")
    assert not header(made(config, "en")).startswith("Hengtong · ")


def test_a_faulty_template_is_refused_with_all_faults_and_nothing_is_written_instead(config):
    put(config, FAULTY)
    with pytest.raises(RefusedTemplateError) as error:
        made(config)
    assert "doc.authors" in str(error.value)
    assert "doc.nobody_knows" in str(error.value)


def test_the_service_does_not_start_with_a_faulty_template_or_one_for_no_document(config):
    put(config, FAULTY)
    put(config, saved(letterhead()), "service_plan.docx")
    result = run(config, "serve")
    assert result.exit_code == 1
    for said in (
        "templates/service_plan.zh.docx：",
        "doc.nobody_knows",
        "templates/service_plan.docx：文件名不是",
    ):
        assert said in result.output


def test_check_names_the_faults_of_every_template(config):
    put(config, saved(letterhead()))
    good = run(config, "check", "--offline")
    assert (good.exit_code, f"模板 templates/{KIND}.zh.docx：0 处问题" in good.output) == (0, True)
    put(config, FAULTY)
    put(config, b"", f"~${KIND}.zh.docx")  # Word has it open
    bad = run(config, "check", "--offline")
    assert bad.exit_code == 1
    assert f"模板 templates/{KIND}.zh.docx：2 处问题\n  - 正文第 6 段：没有“doc.authors”" in bad.output


def test_templates_without_the_means_to_fill_them_are_refused_at_start(config, monkeypatch):
    put(config, saved(letterhead()))
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    with pytest.raises(ConfigError, match="svc-plugin\\[templates\\]"):
        made(config)
    for path in (config / "templates").iterdir():
        path.unlink()
    assert made(config)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_starting_template_passes_its_own_check(config, language, tmp_path):
    file = tmp_path / "start" / "mine.docx"
    assert run(config, "documents", "template", KIND, "--lang", language, "-o", str(file)).exit_code == 0
    result = run(config, "documents", "check-template", str(file), KIND, "--lang", language)
    assert (result.exit_code, result.output) == (0, f"模板 {file}：0 处问题\n")


def test_checking_a_faulty_file_ends_with_1_and_one_sentence_a_fault(config, tmp_path):
    (file := tmp_path / "mine.docx").write_bytes(FAULTY)
    result = run(config, "documents", "check-template", str(file), KIND)
    assert result.exit_code == 1
    assert result.output.count("\n  - 正文第") == 2
    assert run(config, "documents", "check-template", str(file), KIND, "--json").exit_code == 1


def test_every_kind_can_be_tried_on_a_company_that_has_done_nothing_yet(config):
    settings = load_settings(config, {}, now=NOW)
    known = {
        kind: templates_of(settings).sample(kind, "en").tables
        for kind in ("service_report", "maintenance_report")
    }
    assert {"requests", "complaints", "suggestions"} <= set(known["service_report"])
    assert {"works", "decisions", "patches"} <= set(known["maintenance_report"])
