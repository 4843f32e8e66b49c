from tests.unit.standins_jira.kit import SCREEN, Jira


def cause(jira: Jira) -> dict[str, object]:
    return {"fields": {jira.field("根本原因"): "税率表缺失"}}


def closed(jira: Jira) -> str:
    made = jira.create()
    jira.move(made, "开始")
    assert jira.move(made, "关闭", **cause(jira)).status_code == 204
    return made


def test_only_what_a_person_may_do_now_is_listed(jira: Jira) -> None:
    made = jira.create()
    assert set(jira.moves(made, "zhang")) == {"开始", "作废"}
    assert set(jira.moves(made, "li")) == {"开始"}
    assert jira.moves(made, "kunde") == {}


def test_ids_of_transitions_differ_from_workflow_to_workflow(jira: Jira) -> None:
    ids = {*jira.moves(jira.create()).values()}, {*jira.moves(jira.create(kind="维护要求")).values()}
    assert not ids[0] & ids[1]


def test_an_unknown_transition_id_lists_nothing(jira: Jira) -> None:
    made = jira.create()
    assert jira.who("li").get(f"/issue/{made}/transitions", transitionId="999").json["transitions"] == []


def test_a_transition_moves_and_is_in_the_changelog(jira: Jira) -> None:
    made = jira.create()
    assert jira.move(made, "开始").status_code == 204
    assert jira.fields(made)["status"]["name"] == "处理中"
    (item,) = jira.changelog(made)[0]["items"]
    assert (item["field"], item["fromString"], item["toString"]) == ("status", "已登记", "处理中")


def test_a_wrong_transition_id_is_400_on_cloud_and_500_on_data_center(cloud: Jira, dc: Jira) -> None:
    for jira, status in ((cloud, 400), (dc, 500)):
        made = jira.create()
        answer = jira.who("li").send("POST", f"/issue/{made}/transitions", {"transition": {"id": "41"}})
        assert answer.status_code == status
        assert jira.fields(made)["status"]["name"] == "已登记"


def test_none_given_is_400(jira: Jira) -> None:
    made = jira.create()
    assert jira.who("li").send("POST", f"/issue/{made}/transitions", {"fields": {}}).status_code == 400


def test_fields_and_comment_go_along_only_where_the_screen_has_them(jira: Jira) -> None:
    made = jira.create()
    comment = {"update": {"comment": [{"add": {"body": "好"}}]}}
    for more in (cause(jira), comment, {"fields": {"summary": "新"}}):
        assert jira.move(made, "开始", **more).status_code == 400
    assert jira.fields(made)["status"]["name"] == "已登记"
    jira.move(made, "开始")
    assert jira.move(made, "关闭", **cause(jira), **comment).status_code == 204
    fields = jira.fields(made)
    assert fields["status"]["name"] == "已关闭"
    assert [one["body"] for one in fields["comment"]["comments"]] == ["好"]
    assert fields[jira.field("根本原因")] == "税率表缺失"


def test_a_required_field_must_have_a_value(jira: Jira) -> None:
    made = jira.create()
    jira.move(made, "开始")
    answer = jira.move(made, "关闭")
    assert (answer.status_code, list(answer.json["errors"])) == (400, [jira.field("根本原因")])
    jira.who("li").send("PUT", f"/issue/{made}", cause(jira))
    assert jira.move(made, "关闭").status_code == 204


def test_the_screen_tells_its_fields(jira: Jira) -> None:
    made = jira.create()
    jira.move(made, "开始")
    answer = jira.who("li").get(f"/issue/{made}/transitions", expand="transitions.fields")
    (close,) = answer.json["transitions"]
    assert set(close["fields"]) == {jira.field(name) for name in SCREEN if name != "comment"}
    assert close["fields"][jira.field("根本原因")]["required"] is True
    assert close["to"]["name"] == "已关闭"


def test_the_resolution_is_set_on_closing_and_cleared_on_reopening(jira: Jira) -> None:
    made = closed(jira)
    assert jira.fields(made)["resolution"]["name"] == "Done"
    assert jira.fields(made)["resolutiondate"] is not None
    jira.move(made, "重开")
    assert jira.fields(made)["resolution"] is jira.fields(made)["resolutiondate"] is None


def test_a_workflow_may_forget_to_clear_the_resolution(jira: Jira) -> None:
    made = closed(jira)
    jira.site.faults.keep_resolution = True
    jira.move(made, "重开")
    assert jira.fields(made)["resolution"]["name"] == "Done"
    assert jira.fields(made)["status"]["statusCategory"]["key"] == "indeterminate"


def test_a_resolution_may_be_chosen(jira: Jira) -> None:
    made = jira.create()
    jira.move(made, "开始")
    chosen = {"resolution": {"name": "Duplicate"}, **cause(jira)["fields"]}
    jira.move(made, "关闭", fields=chosen)
    assert jira.fields(made)["resolution"]["name"] == "Duplicate"


def test_a_transition_can_be_closed_for_one_issue(jira: Jira) -> None:
    jira.create()
    jira.create()
    jira.site.faults.closed.add(("ERP-1", "处理中"))
    assert "开始" not in jira.moves("ERP-1")
    assert "开始" in jira.moves("ERP-2")


def test_a_global_transition_is_open_from_everywhere(jira: Jira) -> None:
    made = jira.create(kind="维护要求")
    assert jira.move(made, "测试").status_code == 204
    assert set(jira.moves(made)) == {"测试"}
