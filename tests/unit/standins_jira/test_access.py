import base64

from tests.unit.standins_jira.kit import CLOUD_ID, V2, Jira


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def asks(jira: Jira, headers: dict[str, str], door: str = "") -> int:
    return jira.app.test_client().get(f"{door}{V2}/myself", headers=headers).status_code


def test_cloud_knows_people_by_e_mail_and_token(cloud: Jira) -> None:
    assert asks(cloud, basic("li@example.com", "t-li")) == 200
    assert asks(cloud, basic("li", "t-li")) == 401
    assert asks(cloud, basic("li@example.com", "t-zhang")) == 401
    assert asks(cloud, {"Authorization": "Bearer t-li"}) == 401
    assert asks(cloud, {}) == 401


def test_a_scoped_token_passes_the_gateway_only(cloud: Jira) -> None:
    door = f"/ex/jira/{CLOUD_ID}"
    for headers in (basic("bot@example.com", "t-bot"), {"Authorization": "Bearer t-bot"}):
        assert asks(cloud, headers) == 401
        assert asks(cloud, headers, door) == 200
    assert asks(cloud, basic("li@example.com", "t-li"), door) == 401
    assert asks(cloud, basic("bot@example.com", "t-bot"), "/ex/jira/another") == 501


def test_addresses_are_those_of_the_way_by_which_one_came(cloud: Jira) -> None:
    made = cloud.create()
    told = cloud.who("bot").get(f"/issue/{made}").json["self"]
    assert told == f"http://localhost/ex/jira/{CLOUD_ID}/rest/api/2/issue/{made}"
    assert cloud.who("bot").get("/serverInfo").json["baseUrl"] == "http://localhost"


def test_data_center_knows_people_by_personal_token(dc: Jira) -> None:
    assert asks(dc, {"Authorization": "Bearer t-li"}) == 200
    assert asks(dc, {"Authorization": "Bearer wrong"}) == 401
    assert asks(dc, basic("zhang", "pw")) == 200


def test_wrong_passwords_bring_a_captcha_that_the_right_one_does_not_pass(dc: Jira) -> None:
    assert [asks(dc, basic("zhang", "wrong")) for _ in range(4)] == [401, 401, 401, 403]
    answer = dc.app.test_client().get(f"{V2}/myself", headers=basic("zhang", "pw"))
    assert answer.status_code == 403
    assert "CAPTCHA_CHALLENGE" in answer.headers["X-Authentication-Denied-Reason"]
    assert asks(dc, {"Authorization": "Bearer t-zhang"}) == 200


def test_anybody_may_ask_what_server_it_is(cloud: Jira, dc: Jira) -> None:
    told = [one.app.test_client().get(f"{V2}/serverInfo").json["deploymentType"] for one in (cloud, dc)]
    assert told == ["Cloud", "Server"]


def test_an_issue_of_a_foreign_project_is_not_there(jira: Jira) -> None:
    made = jira.create()
    assert jira.who("fremd").get(f"/issue/{made}").status_code == 404
    assert [one["key"] for one in jira.who("fremd").get("/project").json] == ["CRM"]
    assert jira.who("fremd").get("/project/ERP/statuses").status_code == 404


def test_who_only_looks_changes_nothing(jira: Jira) -> None:
    made, kunde = jira.create(), jira.who("kunde")
    refused = [
        kunde.send("PUT", f"/issue/{made}", {"fields": {"summary": "x"}}),
        kunde.send("POST", f"/issue/{made}/transitions", {"transition": {"id": "11"}}),
        kunde.send("POST", f"/issue/{made}/comment", {"body": "x"}),
        kunde.send("PUT", f"/issue/{made}/assignee", kunde.ref()),
    ]
    assert all(400 <= one.status_code <= 403 or one.status_code == 500 for one in refused)
    body = {"fields": {"project": {"key": "ERP"}, "issuetype": {"name": "客户要求"}, "summary": "x"}}
    assert kunde.send("POST", "/issue", body).status_code == 403
    assert jira.fields(made)["summary"] == "开票失败"


def test_permissions_are_told_by_project(jira: Jira) -> None:
    asked = "BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER_PROJECTS,ADMINISTER"
    told = {
        name: {
            key
            for key, one in jira.who(name)
            .get("/mypermissions", permissions=asked, projectKey="ERP")
            .json["permissions"]
            .items()
            if one["havePermission"]
        }
        for name in ("zhang", "li", "kunde")
    }
    assert told == {
        "zhang": {"BROWSE_PROJECTS", "EDIT_ISSUES", "ADMINISTER_PROJECTS", "ADMINISTER"},
        "li": {"BROWSE_PROJECTS", "EDIT_ISSUES"},
        "kunde": {"BROWSE_PROJECTS"},
    }
    assert jira.who("li").get("/mypermissions", permissions="NONSENSE").status_code == 400


def test_cloud_wants_the_names_of_permissions(cloud: Jira, dc: Jira) -> None:
    assert cloud.who("li").get("/mypermissions").status_code == 400
    assert "EDIT_ISSUES" in dc.who("li").get("/mypermissions").json["permissions"]


def test_assignable_people_are_found(jira: Jira) -> None:
    told = jira.who("li").get("/user/assignable/search", project="ERP").json
    assert {one["displayName"] for one in told} == {"zhang 先生", "li 先生", "bot 先生"}


def test_one_user_is_found_by_the_id_of_the_kind_of_jira(jira: Jira) -> None:
    word, value = ("accountId" if jira.mode == "cloud" else "username"), *jira.who("zhang").ref().values()
    assert jira.who("li").get("/user", **{word: value}).json["displayName"] == "zhang 先生"
    assert jira.who("li").get("/user", **{word: "nobody"}).status_code == 404


def test_screens_and_statuses_are_told(jira: Jira) -> None:
    types = {one["name"]: one for one in jira.who("li").get("/project/ERP/statuses").json}
    assert [one["name"] for one in types["客户要求"]["statuses"]] == ["已登记", "处理中", "已关闭"]
    word = "issueTypes" if jira.mode == "cloud" else "values"
    made = jira.who("li").get("/issue/createmeta/ERP/issuetypes").json[word]
    number = {one["name"]: one["id"] for one in made}["维护要求"]
    word = "fields" if jira.mode == "cloud" else "values"
    fields = {
        one["name"]: one
        for one in jira.who("li").get(f"/issue/createmeta/ERP/issuetypes/{number}").json[word]
    }
    assert fields["Summary"]["required"] is True
    assert "内部" in fields
    assert {"标记", "要求种类"} & fields.keys() == set()
    assert "内部" in {one["name"] for one in jira.who("li").get("/field").json}
