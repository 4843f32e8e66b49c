"""M70: who holds which role for which product."""

import pytest

from svc_plugin.domain.vocabulary import Role
from tests.builders import LEADER, MAINTAINER, OUTSIDER, SERVICE, example

REGISTERS = example().registers


@pytest.mark.clause("M70")
@pytest.mark.parametrize(
    ("account", "role", "product", "holds"),
    [
        (SERVICE, Role.SERVICE, "erp", True),
        (SERVICE, Role.MAINTENANCE, "erp", False),
        (OUTSIDER, Role.SERVICE, "erp", False),  # serves another product
        (OUTSIDER, Role.SERVICE, "mes", True),
        (MAINTAINER, Role.MAINTENANCE, "erp", True),
        (MAINTAINER, Role.MAINTENANCE, "mes", False),
        (LEADER, Role.LEADER, "erp", True),
        (LEADER, Role.LEADER, "mes", False),
        # these two are nobody's of one product
        (LEADER, Role.APPROVER, "mes", True),
        ("chen.jie", Role.TECHNICIAN, "crm", True),
        (SERVICE, Role.TECHNICIAN, "erp", False),
        ("nobody", Role.SERVICE, "erp", False),
    ],
)
def test_a_role_is_held_for_the_products_one_was_appointed_to(account, role, product, holds):
    assert REGISTERS.acts_as(account, role, product) is holds


@pytest.mark.clause("M70")
@pytest.mark.parametrize(
    ("account", "role"), [(SERVICE, Role.SERVICE), (MAINTAINER, Role.MAINTENANCE), (LEADER, Role.LEADER)]
)
def test_nobody_is_appointed_to_a_product_that_is_not_known(account, role):
    assert not REGISTERS.acts_as(account, role, "unheard")
