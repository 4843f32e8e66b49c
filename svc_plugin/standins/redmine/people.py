"""Who acts on the pages: a person chosen from a list and kept in a cookie; there are no passwords."""

from __future__ import annotations

from flask import request

from svc_plugin.standins.desk.page import COOKIE
from svc_plugin.standins.redmine.model import User
from svc_plugin.standins.redmine.site import Site


def chosen(site: Site) -> User | None:
    """The person chosen in this browser, None when none is."""
    number = request.cookies.get(COOKIE, "")
    return site.catalogue.users.get(int(number)) if number.isdecimal() else None


def acting(site: Site) -> User | None:
    """The person chosen, else the first who is no administrator, else the first; None without any user."""
    everyone = list(site.catalogue.users.values())
    usual = next((user for user in everyone if not user.admin), None)
    return chosen(site) or usual or next(iter(everyone), None)
