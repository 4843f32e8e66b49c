"""What holds the parts of a file together: every part has a type, every relation leads to a part."""

import re
from posixpath import dirname, join, normpath
from zipfile import ZipFile

from lxml import etree

from docgen.words import Element

_TYPES = "[Content_Types].xml"
_USED = re.compile(rb'\sr:(?:id|embed|link)="([^"]*)"')


def relation_faults(package: ZipFile) -> list[str]:
    """Return what is wrong between parts, one sentence each.

    Raises ``lxml.etree.XMLSyntaxError`` when a part that says so cannot be read.
    """
    names = set(package.namelist())
    if _TYPES not in names:
        return [f"{_TYPES} is missing"]
    faults = _untyped(etree.fromstring(package.read(_TYPES)), names - {_TYPES})
    for name in sorted(names):
        if name.endswith(".rels"):
            faults += _loose(package, name, names)
    return faults


def _untyped(types: Element, names: set[str]) -> list[str]:
    endings = {one.get("Extension", "").lower() for one in types.iterfind("{*}Default")}
    parts = {one.get("PartName", "").lstrip("/") for one in types.iterfind("{*}Override")}
    return [
        f"{name} has no content type" for name in sorted(names - parts) if _ending(name) not in endings
    ] + [f"{name} has a content type, but is missing" for name in sorted(parts - names)]


def _loose(package: ZipFile, name: str, names: set[str]) -> list[str]:
    """Look at the relations of one part: unique, leading to parts, and every one that is used is there."""
    folder, source = (
        dirname(dirname(name)),
        join(dirname(dirname(name)), name.rpartition("/")[2][: -len(".rels")]),
    )
    relations = list(etree.fromstring(package.read(name)))
    known = [one.get("Id", "") for one in relations]
    faults = [f"{name} has two relations {one!r}" for one in sorted({k for k in known if known.count(k) > 1})]
    for one in relations:
        target = one.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        if one.get("TargetMode") != "External" and path not in names:
            faults.append(f"{name}: {one.get('Id')} leads to {path}, which is missing")
    if source in names:
        used = {one.decode() for one in _USED.findall(package.read(source))}
        faults += [f"{source} uses relation {one!r}, which it has not" for one in sorted(used - set(known))]
    return faults


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
