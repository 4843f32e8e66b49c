from __future__ import annotations

from flask import Flask

from tests.unit.standins.kit import Clock, Person


def test_the_default_list_is_open_issues_newest_first_25_a_page(zhang: Person) -> None:
    for number in range(27):
        zhang.new(f"n{number}")
    for status in (2, 3, 4):
        zhang.put(27, status_id=status)
    answer = zhang.get("/issues.json").get_json()
    assert (answer["total_count"], answer["offset"], answer["limit"]) == (26, 0, 25)
    assert [one["id"] for one in answer["issues"]] == list(range(26, 1, -1))
    assert zhang.get("/issues.json", status_id="*").get_json()["total_count"] == 27
    assert zhang.subjects(status_id="closed") == ["n26"]


def test_limits_above_100_are_100_and_bad_ones_fall_back(zhang: Person) -> None:
    zhang.new()

    def numbers(**query: object) -> tuple[int, int]:
        answer = zhang.get("/issues.json", **query).get_json()
        return answer["offset"], answer["limit"]

    assert numbers(limit=500, offset=3) == (3, 100)
    assert numbers(limit="abc", offset=-3) == (0, 25)
    assert numbers(limit=10, page=3) == (20, 10)
    assert zhang.subjects(offset=99) == []


def test_an_unknown_or_unfilterable_filter_is_ignored_and_everything_comes_back(zhang: Person) -> None:
    zhang.new("a", custom_fields=[{"id": 3, "value": "geheim"}])
    zhang.new("b")
    for query in ({"cf_9999": "x"}, {"cf_3": "geheim"}, {"nonsense": "1"}, {"sort": "nonsense"}):
        assert zhang.subjects(**query) == ["b", "a"]


def test_filters_by_field_tracker_ids_and_subject(zhang: Person) -> None:
    zhang.new("a", custom_fields=[{"id": 2, "value": "A-1"}, {"id": 4, "value": "2026-05-01"}])
    zhang.new("b", tracker_id=2, assigned_to_id=2)
    zhang.new("c", custom_fields=[{"id": 2, "value": "A-2"}])
    assert zhang.subjects(cf_2="A-1") == ["a"]
    assert zhang.subjects(cf_2="A-1|A-2") == ["c", "a"]
    assert zhang.subjects(cf_2="!*") == ["b"]
    assert zhang.subjects(cf_4=">=2026-04-30") == ["a"]
    assert zhang.subjects(cf_4="<=2026-04-30") == []
    assert zhang.subjects(tracker_id="2") == ["b"]
    assert zhang.subjects(issue_id="1,3") == ["c", "a"]
    assert zhang.subjects(assigned_to_id="me") == ["b"]
    assert zhang.subjects(subject="~C") == ["c"]
    assert zhang.subjects(status_id="2") == []
    assert zhang.subjects(status_id="!2") == ["c", "b", "a"]


def test_updated_on_over_includes_at_its_start_and_misses_fractions_at_its_end(
    zhang: Person, clock: Clock
) -> None:
    zhang.new("09:00:00.5")
    clock.forward(seconds=1)
    zhang.new("09:00:01.5")
    assert zhang.subjects(updated_on=">=2026-03-02T09:00:01Z") == ["09:00:01.5", "09:00:00.5"]
    assert zhang.subjects(updated_on=">=2026-03-02T09:00:02Z") == ["09:00:01.5"]
    assert zhang.subjects(updated_on="<=2026-03-02T09:00:01Z") == ["09:00:00.5"]
    assert zhang.subjects(updated_on="><2026-03-02|2026-03-02") == ["09:00:01.5", "09:00:00.5"]
    assert zhang.subjects(created_on="<=2026-03-01") == []


def test_other_forms_of_a_time_are_refused(zhang: Person) -> None:
    for value in (">=yesterday", ">=2026-03-02T09:00:00+02:00", ">=2026-03-02T09:00:00.5Z", ">2026-03-02"):
        answer = zhang.get("/issues.json", updated_on=value)
        assert (answer.status_code, answer.get_json()) == (422, {"errors": ["Updated is invalid"]})


def test_sorting_by_time_breaks_ties_by_id(zhang: Person, clock: Clock) -> None:
    for name in "abc":
        zhang.new(name)
        clock.forward(seconds=1)
    zhang.put(1, notes="later")
    assert zhang.subjects(sort="updated_on:asc,id:asc") == ["b", "c", "a"]
    assert zhang.subjects(sort="updated_on:desc") == ["a", "c", "b"]
    assert zhang.subjects(sort="tracker") == ["c", "b", "a"]


def test_list_items_have_no_journals_but_attachments_and_relations_on_request(zhang: Person) -> None:
    zhang.new()
    zhang.put(1, notes="n")
    found = zhang.get("/issues.json", include="journals,attachments,relations").get_json()["issues"][0]
    assert "journals" not in found
    assert (found["attachments"], found["relations"]) == ([], [])


def test_projects_unknown_are_404_and_foreign_ones_403_with_empty_bodies(zhang: Person, app: Flask) -> None:
    foreign = Person(app.test_client(), "k-fremd").send(
        "POST", "/issues.json", {"issue": {"project_id": "crm", "subject": "x"}}
    )
    number = foreign.get_json()["issue"]["id"]
    for url, status in (
        ("/issues.json?project_id=nope", 404),
        ("/issues.json?project_id=crm", 403),
        ("/projects/nope.json", 404),
        ("/projects/2.json", 403),
        (f"/issues/{number}.json", 403),
        ("/issues/999.json", 404),
    ):
        answer = zhang.get(url)
        assert (answer.status_code, answer.data) == (status, b"")
    assert zhang.subjects(status_id="*") == []


def test_a_wrong_key_is_nobody_who_sees_empty_lists_and_else_401(app: Flask, zhang: Person) -> None:
    zhang.new()
    nobody = Person(app.test_client(), "wrong")
    for url in ("/users/current.json", "/issues/1.json", "/custom_fields.json"):
        answer = nobody.get(url)
        assert (answer.status_code, answer.data) == (401, b"")
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Redmine API"'
    assert nobody.send("POST", "/issues.json", {}).status_code == 401
    assert nobody.get("/trackers.json").status_code == 200
    assert nobody.get("/issues.json").get_json()["issues"] == []
    assert nobody.get("/projects.json").get_json()["projects"] == []


def test_keys_are_taken_from_header_query_and_basic_and_passwords_too(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/users/current.json?key=k-li").get_json()["user"]["login"] == "li"
    assert client.get("/users/current.json", auth=("k-li", "x")).get_json()["user"]["login"] == "li"
    assert client.get("/users/current.json", auth=("zhang", "pw")).get_json()["user"]["login"] == "zhang"
    assert client.get("/users/current.json", auth=("zhang", "falsch")).status_code == 401
    assert client.get("/users/current.json", auth=("li", "")).status_code == 401, (
        "no password is not a password"
    )


def test_only_an_administrator_acts_as_another(zhang: Person, admin: Person) -> None:
    def me(person: Person, login: str) -> object:
        answer = person.send("GET", "/users/current.json", X_Redmine_Switch_User=login)
        return answer.get_json()["user"]["login"] if answer.status_code == 200 else answer.status_code

    assert me(admin, "li") == "li"
    assert me(admin, "niemand") == 412
    assert me(zhang, "li") == "zhang"


def test_administration_is_hidden_and_cannot_be_changed(zhang: Person, admin: Person) -> None:
    for url in ("/custom_fields.json", "/users.json"):
        assert zhang.get(url).status_code == 403
        assert admin.get(url).status_code == 200
    assert admin.send("POST", "/custom_fields.json", {"custom_field": {"name": "x"}}).status_code == 403
    assert "mail" not in zhang.get("/users/3.json").get_json()["user"]
    assert admin.get("/users/3.json").get_json()["user"]["mail"] == "l@example.com"


def test_an_unknown_route_is_said_aloud(zhang: Person) -> None:
    answer = zhang.send("DELETE", "/projects/1.json")
    assert answer.status_code == 501
    assert answer.get_json() == {
        "error": "the stand-in for Redmine has no DELETE /projects/1.json",
        "method": "DELETE",
        "path": "/projects/1.json",
    }
    assert zhang.get("/wiki/x.json").status_code == 501


def test_time_entries_are_found_by_issue_day_and_project(zhang: Person) -> None:
    zhang.new()
    for day, hours in (("2026-03-01", 1), ("2026-03-05", 2.5)):
        entry = {"issue_id": 1, "hours": hours, "spent_on": day, "activity_id": 9, "comments": "c"}
        zhang.send("POST", "/time_entries.json", {"time_entry": entry})

    def hours_of(**query: object) -> list[float]:
        return [one["hours"] for one in zhang.get("/time_entries.json", **query).get_json()["time_entries"]]

    assert hours_of(issue_id=1) == [2.5, 1.0]
    assert hours_of(**{"from": "2026-03-02"}) == [2.5]
    assert hours_of(to="2026-03-02", project_id="erp") == [1.0]
    assert hours_of(issue_id=9) == []
    assert zhang.issue(1)["spent_hours"] == 3.5
