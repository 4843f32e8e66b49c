"""The shipped JSON Schemas are those of the shapes, and each file of the example company names its own."""

import json
import re
from datetime import date

import pytest

from svc_plugin.settings.reading import parse
from svc_plugin.settings.schemas import schemas
from tests.builders import CONFIG

FILES = sorted(path for path in CONFIG.rglob("*.yaml") if path.parent.name != "deploy")


def plain(value):
    """YAML as an editor sees it: dates are text."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def schema_of(path):
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert named, f"{path.name} names no schema"
    return json.loads((path.parent / named[1]).read_text(encoding="utf-8"))


def test_the_shipped_schemas_are_current():
    shipped = {path.name: path.read_text(encoding="utf-8") for path in (CONFIG / "schemas").iterdir()}
    assert shipped == schemas(), "run `svc-plugin registers schemas -o config/schemas`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_the_example_company_fits_the_schema_it_names(path):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(schema_of(path)).validate(plain(parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("policy", {"first_response": {"complaint": "1 hour"}}),
        ("policy", {"rules": {"M06": "loud"}}),
        ("policy", {"pauses": {"thanks": ["asleep"]}}),
        ("policy", {"decision": "3 days"}),
        ("people", [{"account": "a", "name": "b", "city": "c", "roles": ["servant"]}]),
        ("people", [{"account": "a", "name": "b", "roles": []}]),
        ("calendar", {"zone": "Asia/Shanghai", "hours": {"monday": ["9-12"]}, "make_up_hours": []}),
    ],
)
def test_a_schema_refuses_what_the_product_refuses(name, fault):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(schemas()[f"{name}.schema.json"]))
    assert not validator.is_valid(fault)


def test_an_unknown_channel_is_refused_by_the_schema():
    channels = json.loads(schemas()["products.schema.json"])["$defs"]["ProductFile"]["properties"]["channels"]
    assert channels["propertyNames"]["enum"] == ["system", "phone", "email", "on_site", "survey", "other"]
