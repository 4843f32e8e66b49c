"""Issue numbers as the annex lists them."""

from docgen.content.annexes import issue_numbers
from docgen.content.pen import Pen
from svc_plugin.domain.model import IssueRef
from svc_plugin.messages import load
from tests.documents.company import REGISTERS


def _listed(*keys: str, sites: frozenset[str] = frozenset({"main"})) -> str:
    return issue_numbers(Pen(load("en"), REGISTERS, sites), [IssueRef("main", key) for key in keys])


def test_numbers_that_follow_each_other_are_drawn_together():
    assert _listed("9", "10", "11", "3", "7", "8", "20", "21") == "3, 7-11, 20, 21"


def test_keys_with_a_stem_are_ordered_by_their_number():
    assert _listed("SUP-10", "SUP-9", "SUP-11", "ABC-2", "odd") == "ABC-2, SUP-9-SUP-11, odd"


def test_issues_go_by_what_people_call_them():
    labels = {
        IssueRef("main", key): label for key, label in (("90", "ERP-2"), ("17", "ERP-10"), ("5", "ERP-1"))
    }
    pen = Pen(load("en"), REGISTERS, frozenset({"main"}), labels)
    assert issue_numbers(pen, [*labels, IssueRef("main", "4")]) == "4, ERP-1, ERP-2, ERP-10"


def test_with_several_sites_each_number_names_its_own():
    assert _listed("1", "5", sites=frozenset({"main", "other"})) == "main/1, main/5"


def test_a_list_too_long_to_read_ends_with_its_count_and_mark():
    keys = [str(2 * n) for n in range(201)]
    text = _listed(*keys)
    assert text.startswith("0, 2, 4, ")
    assert ", 398 … 201 in all, check code " in text
    assert text != _listed(*keys[:-1], "402")
