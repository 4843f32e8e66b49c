from tests.architecture.trace import unguarded


def test_every_clause_that_a_rule_enforces_is_guarded_by_a_test():
    assert unguarded() == []
