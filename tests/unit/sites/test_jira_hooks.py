"""Which webhook of a Jira is ours, and how it is registered."""

from svc_plugin.sites.jira import hooks

ADDRESS = "https://svc.example.com"


def test_an_older_data_center_gets_the_secret_in_the_address() -> None:
    info = {"deploymentType": "Server", "versionNumbers": [9, 12, 0]}
    body = hooks.registration(info, "svc-plugin", "https://svc.example.com/hooks/main", "s3cret")
    assert hooks.place(info) == "/rest/webhooks/1.0/webhook"
    assert body["url"] == "https://svc.example.com/hooks/main/s3cret"


def test_the_webhook_of_another_site_is_not_ours() -> None:
    address = f"{ADDRESS}/hooks/main"
    others = (
        {"url": f"{address}_dc"},
        {"url": f"{address}2/secret"},
        {"url": "https://x.example.com/hooks/main"},
    )
    assert hooks.ours_of(others, address) is None
    for end in ("", "/s3cret", "?a=1"):
        assert hooks.ours_of((*others, {"url": address + end}), address)
    assert hooks.ours_of(({"url": address, "enabled": False}, {"url": address}), address) == {"url": address}
