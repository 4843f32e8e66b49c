"""A Jira in the configuration: what it needs, what is only its own, and where its secrets come from."""

import pytest

from svc_plugin.connecting import connect_sites
from svc_plugin.domain.vocabulary import Field
from svc_plugin.settings import load_settings
from svc_plugin.sites.jira import JiraSite
from tests.builders import NOW

MAIN = "svc-plugin.yaml"
CLOUD = """    type: jira
    edition: cloud
    browse_url: https://example.atlassian.net
    accounts: { wang.fang: "712020:aa", liu.yang: "712020:bb" }
"""
SECRETS = {"SVC_SITE_MAIN_API_KEY": "planted-s3cret", "SVC_SITE_MAIN_EMAIL": "svc@example.com"}


@pytest.mark.parametrize(("language", "types"), [("zh", "服务请求"), ("en", "Service Request")])
def test_a_jira_is_connected_with_the_shipped_mapping(company, language, types):
    company.edit(MAIN, "    type: redmine\n", CLOUD)
    company.edit(MAIN, "mapping: zh", f"mapping: jira-{language}")
    settings = load_settings(company.folder, SECRETS, now=NOW)
    site = settings.sites["main"]
    assert isinstance(connect_sites(settings)["main"], JiraSite)
    assert (site.type, site.cloud, site.email, site.link_type) == ("jira", True, "svc@example.com", "Relates")
    assert site.browse_url == "https://example.atlassian.net"
    assert site.accounts["wang.fang"] == "712020:aa"
    assert types in {kind.issue_type for kind in site.mapping.kinds.values()}
    assert site.mapping.fields[Field.FIXED_VERSION] == "fixVersions"
    assert set(site.mapping.choices[Field.BROAD_VALUE]) == {"yes", "no"}
    assert "planted-s3cret" not in repr(settings)


def test_data_center_needs_neither_mail_nor_accounts_and_is_opened_where_it_is_asked(company):
    company.edit(MAIN, "type: redmine", "type: jira\n    edition: data_center")
    site = load_settings(company.folder, {}, now=NOW).sites["main"]
    assert (site.cloud, site.email, site.browse_url) == (False, "", site.url)


@pytest.mark.parametrize(
    ("written", "told", "remedy"),
    [
        ("type: jira", "sites.main = (this entry)", "edition: cloud"),
        ("type: jira\n    edition: server", "sites.main.edition = 'server'", "'data_center'"),
        ("type: redmine\n    edition: cloud", "sites.main.edition = 'cloud'", "type jira only"),
        ("type: redmine\n    link_type: Blocks", "sites.main.link_type = 'Blocks'", "type jira only"),
        (
            "type: jira\n    edition: cloud\n    accounts: { nobody: x }",
            "sites.main.accounts.nobody = 'x'",
            "register of people",
        ),
        (
            "type: jira\n    edition: cloud\n    accounts: { wang.fang: x, liu.yang: x }",
            "sites.main.accounts.liu.yang = 'x'",
            "give each person their own",
        ),
        ("type: jira\n    edition: cloud\n    browse_url: example", "browse_url = 'example'", "https?://"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_planted_fault_is_named_with_place_value_and_remedy(company, written, told, remedy, language):
    company.speak(language)
    line = company.edit(MAIN, "type: redmine", written)
    sentences = company.faults()
    if language == "zh":
        told = told.replace("(this entry)", "（这一条）")
    found = [one for one in sentences if told in one]
    assert found, sentences
    assert int(found[0].split(":")[1]) >= line - 1
    assert language == "zh" or any(remedy in one for one in found)


def test_yes_and_no_may_have_words_of_their_own_and_no_others(company):
    company.speak("en")
    company.edit(MAIN, "mapping: zh", "mapping: jira-zh")
    company.edit(MAIN, "type: redmine", "type: jira\n    edition: data_center")
    company.edit("mappings/jira-zh.yaml", 'broad_value: { "yes": 是,', 'broad_value: { "maybe": 是,')
    assert any("choices.broad_value.maybe" in one and "yes, no" in one for one in company.faults())
