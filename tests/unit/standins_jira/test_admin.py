import pytest

from tests.unit.standins_jira.kit import Jira

TEXT = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"


def test_versions_are_for_administrators_of_the_project(jira: Jira) -> None:
    number = int(jira.site.catalogue.project("ERP").id)  # type: ignore[union-attr]
    body = {"name": "5.2", "projectId": number}
    assert jira.who("li").send("POST", "/version", body).status_code in {401, 403}
    assert jira.who("zhang").send("POST", "/version", body).status_code == 201
    assert jira.who("zhang").send("POST", "/version", body).json["errors"].keys() == {"name"}
    (told,) = jira.who("li").get("/project/ERP/versions").json
    assert (told["name"], told["projectId"], told["released"]) == ("5.2", number, False)


def test_a_new_field_can_be_filled_in_once_it_is_on_a_screen(jira: Jira) -> None:
    made, zhang = jira.create(), jira.who("zhang")
    assert jira.who("li").send("POST", "/field", {"name": "客户", "type": TEXT}).status_code in {400, 403}
    told = zhang.send("POST", "/field", {"name": "客户", "type": TEXT}).json
    assert told["schema"]["custom"] == TEXT
    change = {"fields": {told["id"]: "北方物流"}}
    assert zhang.send("PUT", f"/issue/{made}", change).status_code == 400
    place = "/screens/1/tabs/10000/fields"
    assert told["id"] not in {one["id"] for one in zhang.get(place).json}
    assert zhang.send("POST", place, {"fieldId": told["id"]}).status_code == 200
    assert zhang.send("POST", place, {"fieldId": told["id"]}).status_code == 400
    assert zhang.send("PUT", f"/issue/{made}", change).status_code == 204
    assert jira.fields(made)[told["id"]] == "北方物流"


def test_an_unknown_type_of_field_is_said_aloud(jira: Jira) -> None:
    assert jira.who("zhang").send("POST", "/field", {"name": "x", "type": "a:b"}).status_code == 501


def test_options_are_added_in_the_context_of_the_field_on_cloud(cloud: Jira, dc: Jira) -> None:
    zhang = cloud.who("zhang")
    field = zhang.send("POST", "/field", {"name": "渠道", "type": SELECT}).json["id"]
    (context,) = zhang.get(f"/field/{field}/context").json["values"]
    place = f"/field/{field}/context/{context['id']}/option"
    body = {"options": [{"value": "电话"}, {"value": "邮件"}]}
    assert len(zhang.send("POST", place, body).json["options"]) == 2
    assert zhang.send("POST", place, body).status_code == 400
    assert [one["value"] for one in zhang.get(place).json["values"]] == ["电话", "邮件"]
    assert cloud.who("li").get(place).status_code == 403
    assert dc.who("zhang").get("/field/customfield_10031/context").status_code == 404


def test_a_field_without_a_searcher_cannot_be_searched(jira: Jira) -> None:
    zhang = jira.who("zhang")
    searcher = TEXT.replace("textfield", "textsearcher")
    found = [
        zhang.send("POST", "/field", {"name": name, "type": TEXT, **more}).json["id"]
        for name, more in (("甲", {}), ("乙", {"searcherKey": searcher}))
    ]
    path = "/search/jql" if jira.mode == "cloud" else "/search"
    asked = [f'project = ERP AND cf[{one.removeprefix("customfield_")}] ~ "x"' for one in found]
    assert [zhang.get(path, jql=jql).status_code for jql in asked] == [400, 200]


def test_a_project_s_own_context_hides_the_one_for_all(cloud: Jira) -> None:
    zhang, field = cloud.who("zhang"), cloud.field("内部")
    erp, kind = (cloud.site.catalogue.project("ERP"), "10001")
    assert erp is not None
    place, asked = f"/field/{field}/context", {"mappings": [{"projectId": erp.id, "issueTypeId": kind}]}
    (told,) = zhang.send("POST", f"{place}/mapping", asked).json["values"]
    assert told["contextId"] is None
    body = {"name": "ERP", "projectIds": [erp.id], "issueTypeIds": ["10002"]}
    made = zhang.send("POST", place, body).json["id"]
    assert zhang.send("POST", place, body).status_code == 400
    assert zhang.send("PUT", f"{place}/{made}/issuetype", {"issueTypeIds": [kind]}).status_code == 204
    (told,) = zhang.send("POST", f"{place}/mapping", asked).json["values"]
    assert told["contextId"] == made
    rows = zhang.get(f"{place}/projectmapping").json["values"]
    assert [one.get("projectId") for one in rows] == [None, erp.id]
    common = rows[0]["contextId"]
    assert zhang.send("PUT", f"{place}/{common}/issuetype", {"issueTypeIds": [kind]}).status_code == 400


def test_a_type_of_links_has_a_name_of_its_own(jira: Jira) -> None:
    body = {"name": "Serves", "outward": "was made for", "inward": "led to"}
    assert jira.who("li").send("POST", "/issueLinkType", body).status_code == 403
    made = jira.who("zhang").send("POST", "/issueLinkType", body)
    assert made.status_code == 201
    assert jira.who("zhang").send("POST", "/issueLinkType", body).status_code in {400, 404}
    assert made.json in jira.who("li").get("/issueLinkType").json["issueLinkTypes"]


def test_a_property_of_a_project_is_written_by_its_administrators(jira: Jira) -> None:
    path, body = "/project/ERP/properties/svc-plugin", {"site": "main"}
    assert jira.who("li").get(path).status_code == 404
    assert jira.who("li").send("PUT", path, body).status_code == 403
    assert [jira.who("zhang").send("PUT", path, body).status_code for _ in range(2)] == [201, 200]
    assert jira.who("li").get(path).json == {"key": "svc-plugin", "value": body}


@pytest.mark.parametrize(
    ("mode", "place", "other"),
    [
        ("cloud", "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"),
        ("dc", "/rest/jira-webhook/1.0/webhooks", "/rest/webhooks/1.0/webhook"),
    ],
)
def test_webhooks_are_registered_by_administrators_at_their_place(mode: str, place: str, other: str) -> None:
    jira = Jira(mode)  # type: ignore[arg-type]
    zhang = jira.who("zhang")
    body = {
        "name": "svc",
        "url": "http://127.0.0.1:1/hook",
        "events": ["jira:issue_updated"],
        **({"secret": "s"} if mode == "cloud" else {"configuration": {"SECRET": "s"}}),
    }
    assert jira.who("li").send("POST", place, body).status_code == 403
    assert zhang.send("POST", other, body).status_code == 404
    assert zhang.send("POST", place, {**body, "url": "hook"}).status_code == 400
    assert zhang.send("POST", place, body).status_code == 201
    (told,) = zhang.get(place).json
    assert (told["url"], told["events"]) == (body["url"], body["events"])
    assert "secret" not in told
    assert told.get("isSigned") == (True if mode == "cloud" else None)
    assert told["enabled" if mode == "cloud" else "active"] is True
    assert [hook.secret for hook in jira.site.catalogue.hooks.values()] == ["s"]
    assert zhang.send("DELETE", f"{place}/{told['id']}").status_code == 204
    assert zhang.get(place).json == []


def test_approvals_and_times_of_a_service_desk_are_read_only(jira: Jira) -> None:
    made = jira.create("fremd", project="CRM")
    issue = jira.site.find(made)
    assert issue is not None
    issue.approvals.append({"id": "1", "name": "批准", "finalDecision": "pending", "canAnswerApproval": True})
    issue.slas.append({"id": "2", "name": "答复时限"})
    place = f"/rest/servicedeskapi/request/{issue.key}"
    told = jira.who("zhang").get(f"{place}/approval").json
    assert [one["finalDecision"] for one in told["values"]] == ["pending"]
    assert jira.who("zhang").get(f"{place}/sla").json["size"] == 1
    assert jira.who("zhang").send("POST", f"{place}/approval/1", {"decision": "approve"}).status_code == 501


def test_an_ordinary_project_s_issue_is_no_request(jira: Jira) -> None:
    made = jira.create()
    assert jira.who("li").get(f"/rest/servicedeskapi/request/{made}/approval").status_code == 404
