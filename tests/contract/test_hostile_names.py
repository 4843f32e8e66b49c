"""Names that would lead a request elsewhere, or add a line to it, reach no site."""

import pytest

from svc_plugin.domain.errors import IssueNotFoundError
from svc_plugin.domain.model import IssueRef
from svc_plugin.sites.jira import JiraSite
from svc_plugin.sites.redmine import RedmineSite
from tests.contract import jira_kit, worlds
from tests.contract.redmine_kit import KNOWN

NOBODY = "http://127.0.0.1:1"  # who asks there gets another error
ELSEWHERE = [
    "",
    "..",
    "../users/current",
    "1/../../users/current",
    "%2e%2e%2fusers%2fcurrent",
    "1.json?key=stolen#",
    "1?include=attachments",
    "@169.254.169.254/latest/meta-data",
    "//169.254.169.254",
    "1\r\nX-Redmine-Switch-User: admin",
    "-1",
    "1 2",
    "\x00",
]


@pytest.mark.parametrize("key", ELSEWHERE)
def test_an_issue_of_another_path_is_not_found_and_redmine_not_asked(key: str) -> None:
    site = RedmineSite(worlds.settings(NOBODY, "key", KNOWN))
    with pytest.raises(IssueNotFoundError):
        site.fetch(IssueRef("main", key))


@pytest.mark.parametrize("mode", ["cloud", "dc"])
@pytest.mark.parametrize("key", ELSEWHERE)
def test_an_issue_of_another_path_is_not_found_and_jira_not_asked(key: str, mode: jira_kit.Mode) -> None:
    site = JiraSite(jira_kit.settings(NOBODY, mode))
    with pytest.raises(IssueNotFoundError):
        site.fetch(IssueRef("main", key))
