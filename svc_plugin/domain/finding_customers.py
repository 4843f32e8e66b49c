"""Finding a customer while the telephone is at the ear: by any part of what the register knows (M20)."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from svc_plugin.domain.registers import Contact, Customer, Registers

_FEWEST_DIGITS = 3  # fewer of a telephone number stand in nearly all of them


def customers_for(registers: Registers, products: frozenset[str]) -> Iterator[Customer]:
    """Walk the customers whom somebody who sees ``products`` may know of: theirs, and those without any."""
    for customer in registers.customers.values():
        theirs = {one.product for one in customer.deliveries} | {one.product for one in customer.contracts}
        if not theirs or theirs & products:
            yield customer


def find_customers(
    registers: Registers, products: frozenset[str], text: str, *, limit: int
) -> Sequence[tuple[Customer, Sequence[Contact]]]:
    """Return customers in whom every word of ``text`` stands, with the contacts in whom one does.

    Words are looked for in name, key, city and contacts as they are written, in any width and case; digits
    in telephone numbers however these are spaced. Who begins with the text comes first.
    """
    words = _plain(text, " ").split()
    if not words:
        return ()
    found = [
        (customer, [one for one in customer.contacts if any(_meant(word, one) for word in words)])
        for customer in customers_for(registers, products)
        if all(_stands(word, customer) for word in words)
    ]
    whole = _plain(text)
    found.sort(key=lambda pair: (not _plain(pair[0].name).startswith(whole), pair[0].name))
    return found[:limit]


def products_of(
    registers: Registers, customer: Customer | None, products: frozenset[str], on: date
) -> tuple[Sequence[str], Sequence[str]]:
    """Split ``products``: those that the customer has on a day, under contract first, and the rest."""
    if customer is None:
        return (), sorted(products)
    agreed = [one for one in sorted(products) if registers.contract_of(customer, one, on)]
    arrived = [one for one in sorted(products) if registers.delivery_of(customer, one, on)]
    theirs = list(dict.fromkeys((*agreed, *arrived)))
    return theirs, [one for one in sorted(products) if one not in theirs]


def likely_product(
    registers: Registers, customer: Customer | None, products: frozenset[str], on: date
) -> str:
    """Return the product that is meant when nobody names one: the only one agreed, delivered or seen."""
    theirs, rest = products_of(registers, customer, products, on)
    agreed = [one for one in theirs if customer and registers.contract_of(customer, one, on)]
    for some in (agreed, theirs, rest if not theirs else ()):
        if len(some) == 1:
            return some[0]
        if some:
            return ""
    return ""


def _stands(word: str, customer: Customer) -> bool:
    told = (customer.name, customer.key, customer.city)
    return any(word in _plain(one) for one in told) or any(_meant(word, one) for one in customer.contacts)


def _meant(word: str, contact: Contact) -> bool:
    digits = "".join(sign for sign in word if sign.isdecimal())
    number = "".join(sign for sign in contact.phone if sign.isdecimal())
    only_digits = not any(sign.isalpha() for sign in word)
    by_phone = only_digits and len(digits) >= _FEWEST_DIGITS and digits in number
    return by_phone or word in _plain(contact.name) or word in contact.email.casefold()


def _plain(text: str, space: str = "") -> str:
    """Return a text in one width and case, its spaces replaced."""
    return space.join(unicodedata.normalize("NFKC", text).casefold().split())
