"""What a customer installs is what stands in the tree."""

import tomllib
from pathlib import Path

import pytest

from svc_plugin.bootstrap import refuse_foreign_packages
from svc_plugin.domain.errors import ConfigError

ROOT = Path(__file__).parents[2]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_package_of_the_tree_is_listed():
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("svc_plugin", "webhooks", "docgen")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert found | {"svc_plugin.default_config"} == set(SETUPTOOLS["packages"])


def test_every_data_file_is_shipped():
    shipped = set()
    for package, patterns in SETUPTOOLS["package-data"].items():
        folder = ROOT / SETUPTOOLS["package-dir"].get(package, package.replace(".", "/"))
        shipped |= {path for pattern in patterns for path in folder.glob(pattern)}
    data = {
        path
        for top in ("svc_plugin", "webhooks", "docgen", "config")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert data - shipped == set()


def test_data_folders_are_never_importable():
    assert not list((ROOT / "config").rglob("__init__.py"))


def test_a_foreign_owner_of_our_package_names_is_refused_by_name():
    with pytest.raises(
        ConfigError, match="'webhooks' also belongs to the installed distribution 'webhooks-tools'"
    ):
        refuse_foreign_packages({"webhooks": ["svc-plugin", "webhooks-tools"], "docgen": ["svc-plugin"]})


def test_our_own_packages_are_not_refused():
    refuse_foreign_packages({"webhooks": ["svc-plugin"], "docgen": ["svc-plugin"], "flask": ["Flask"]})
