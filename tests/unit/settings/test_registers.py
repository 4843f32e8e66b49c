"""What the registers answer: deliveries, contracts, trainings, cities, and all that was written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from svc_plugin.domain.costs import CostLine, Rates, Track
from svc_plugin.domain.registers import (
    Appointment,
    Contact,
    Contract,
    Customer,
    Delivery,
    Guide,
    Registers,
    Training,
    TrainingKind,
)
from svc_plugin.domain.vocabulary import Role
from tests.builders import example
from tests.unit.settings.small import COSTS, FILES, RATES, read

ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def registers() -> Registers:
    found, _ = read(FILES)
    assert found is not None
    return found


@pytest.fixture
def hengtong(registers) -> Customer:
    return registers.customers["hengtong"]


@pytest.mark.clause("M19")
def test_a_product_is_delivered_from_its_day_on_and_not_the_day_before(registers, hengtong):
    first = date(2024, 3, 18)
    assert registers.delivery_of(hengtong, "erp", first - ONE_DAY) is None
    assert registers.delivery_of(hengtong, "erp", first) == Delivery("erp", "5.1", first)


def test_a_later_delivery_of_the_same_product_takes_over_on_its_day(registers, hengtong):
    second = date(2025, 3, 18)
    assert registers.delivery_of(hengtong, "erp", second - ONE_DAY).version == "5.1"
    assert registers.delivery_of(hengtong, "erp", second).version == "5.2"


def test_the_order_in_which_deliveries_are_written_does_not_matter(registers, hengtong):
    turned = Customer("x", "x", "x", tuple(reversed(hengtong.deliveries)))
    assert registers.delivery_of(turned, "erp", date(2026, 1, 1)).version == "5.2"


@pytest.mark.clause("M45")
def test_maintenance_may_begin_when_the_first_customer_has_the_product(registers):
    assert not registers.delivered_to_anyone("crm", date(2023, 5, 19))
    assert registers.delivered_to_anyone("crm", date(2023, 5, 20))
    assert not registers.delivered_to_anyone("unheard", date(2026, 1, 1))


@pytest.mark.clause("M03")
@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2024, 3, 17), None),
        (date(2024, 3, 18), "C-1"),
        (date(2026, 3, 17), "C-1"),
        (date(2026, 3, 18), "C-2"),
        (date(2028, 3, 17), "C-2"),
        (date(2028, 3, 18), None),
    ],
)
def test_a_contract_runs_from_its_first_to_its_last_day(registers, hengtong, day, number):
    contract = registers.contract_of(hengtong, "erp", day)
    assert (contract and contract.number) == number


def test_a_contract_counts_for_its_product_only(registers, hengtong):
    assert registers.contract_of(hengtong, "crm", date(2025, 1, 1)) is None


@pytest.mark.clause("M63")
def test_training_on_a_product_counts_for_it_alone_and_without_a_product_for_all(registers):
    assert registers.trained("wang.fang", TrainingKind.PRODUCT, "erp")
    assert not registers.trained("wang.fang", TrainingKind.PRODUCT, "crm")
    assert registers.trained("wang.fang", TrainingKind.CUSTOMER_HANDLING, "crm")


def test_who_has_no_record_or_is_unknown_is_not_trained(registers):
    assert not registers.trained("liu.yang", TrainingKind.PRODUCT, "erp")
    assert not registers.trained("nobody", TrainingKind.PRODUCT, "erp")


@pytest.mark.clause("M33")
def test_only_maintenance_staff_of_the_product_in_the_same_city_are_named(registers, hengtong):
    ruifeng = registers.customers["ruifeng"]
    assert registers.same_city(ruifeng, "erp") == ("liu.yang",)
    assert registers.same_city(hengtong, "erp") == ()  # in Beijing only the service staff
    assert registers.same_city(ruifeng, "unheard") == ()


@pytest.mark.clause("M20")
def test_everything_written_in_the_files_reaches_the_registers(registers, hengtong):
    erp, wang = registers.products["erp"], registers.people["wang.fang"]
    assert erp.appointments == (
        Appointment(Role.SERVICE, "wang.fang", "zhang.wei", date(2024, 3, 1)),
        Appointment(Role.MAINTENANCE, "liu.yang", "zhang.wei", date(2024, 3, 2)),
    )
    assert (erp.service_staff, erp.maintenance_staff) == (("wang.fang",), ("liu.yang",))
    assert erp.handover.released_on == date(2024, 3, 8)
    assert erp.handover.team == ("孙立军",)
    assert erp.handover.complete
    assert erp.repository == "https://git.example/erp"
    assert erp.documents[1] == Guide("5.2", "手册", "https://docs.example/5.2")
    assert erp.channels == {"phone": "010-5550 1801", "email": "erp@example.com"}
    assert (erp.capacity_hours, erp.budget) == (240, {Track.MAINTENANCE: {CostLine.LABOUR: Decimal(680000)}})
    assert registers.products["crm"].retired_on == date(2026, 6, 30)
    assert registers.products["crm"].capacity_hours is None
    assert wang.trainings[0] == Training(TrainingKind.PRODUCT, "erp", date(2024, 2, 20))
    assert hengtong.contacts[1] == Contact("许晓燕", "010-5550 3312", "")
    assert hengtong.contracts[1] == Contract(
        "erp", "C-2", date(2026, 3, 18), date(2028, 3, 17), Decimal("1100.5"), "5×8"
    )


def test_a_customer_without_a_time_zone_has_the_companys(registers):
    assert registers.customers["ruifeng"].time_zone == registers.calendar.zone


@pytest.mark.clause("M02")
def test_a_handover_with_an_open_item_is_not_complete():
    products = FILES["registers/products.yaml"].replace("done: true", "done: false", 1)
    registers, faults = read({**FILES, "registers/products.yaml": products})
    assert faults == []
    assert not registers.products["erp"].handover.complete


def test_every_register_of_the_example_company_is_filled_in():
    registers = example().registers
    for product in registers.products.values():
        assert product.handover is not None
        assert product.documents
        assert product.channels
        assert product.budget
        assert {guide.version for guide in product.documents} == set(product.versions)
        for appointed in product.appointments:
            assert registers.trained(appointed.account, TrainingKind.PRODUCT, product.key), appointed
            assert registers.trained(appointed.account, TrainingKind.CUSTOMER_HANDLING, product.key)
    assert all(customer.contacts and customer.deliveries for customer in registers.customers.values())


@pytest.mark.clause("M71")
def test_rates_and_costs_are_read(registers):
    assert registers.rates == Rates({"liu.yang": Decimal(300)}, {Role.SERVICE: Decimal("180.5")})
    assert [(cost.month, cost.line, cost.amount) for cost in registers.costs] == [
        ("2026-10", CostLine.TRAVEL, Decimal(860)),
        ("2026-11", CostLine.TRAVEL, Decimal("120.5")),
    ]


def test_a_company_may_do_without_rates_and_costs():
    found, faults = read({name: text for name, text in FILES.items() if name not in {RATES, COSTS}})
    assert faults == []
    assert (found.rates, found.costs) == (Rates(), ())
