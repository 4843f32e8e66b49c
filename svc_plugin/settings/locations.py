"""Where configuration lies: a company's own folder, or the example that ships with the product."""

from importlib.resources import as_file, files
from pathlib import Path


def default_config() -> Path:
    """Return the folder of the example company: in the installed package, or in a checkout."""
    with as_file(files("svc_plugin")) as package:
        shipped = package / "default_config"
        return shipped if shipped.is_dir() else package.parent / "config"
