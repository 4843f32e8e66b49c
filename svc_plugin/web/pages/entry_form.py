"""The form for a call or a visit: what was typed, what is wrong with it, and the request it stands for."""

import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from svc_plugin.domain.finding_customers import customers_for, find_customers, likely_product
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.registers import Customer, Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind

CHANNELS = FIELD_SPECS[Field.CHANNEL].choices
KINDS = FIELD_SPECS[Field.REQUEST_KIND].choices
MOST = {"title": 255, "customer": 255, "contact": 255, "text": 5000}
"""How many signs a field may have. Redmine takes 255 in a subject and a line."""
NAMES = (*MOST, "product", "received_at", "zone", "channel", "kind", "unknown")
_LEAD = timedelta(minutes=5)  # by which a clock may be fast
_TOKEN_BYTES = 16
_SHOWN = 5  # customers named in a fault
_WRITTEN = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form is read against: the register, the products that the person sees, and the present."""

    registers: Registers
    products: frozenset[str]
    texts: Texts
    now: datetime


def new_token() -> str:
    """Return a submit token: what is sent with it twice is one draft."""
    return secrets.token_hex(_TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Tell whether a text can be a submit token."""
    return len(text) == 2 * _TOKEN_BYTES and all(sign in "0123456789abcdef" for sign in text)


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, cleaned of signs that cannot be shown; lines only in the text."""
    return {name: _clean(form.get(name, ""), lines=name == "text") for name in NAMES}


def _clean(text: str, *, lines: bool) -> str:
    kept = "\n\t" if lines else ""
    text = text.replace("\r\n", "\n")
    shown = (one if one in kept or unicodedata.category(one) != "Cc" else " " for one in text)
    return "".join(shown).strip()


def blank(desk: Desk, customer: Customer | None, contact: str) -> dict[str, str]:
    """Return an empty form for a customer: now, by telephone, the product of the contract."""
    zone = zone_of(desk.registers, customer)
    return dict.fromkeys(NAMES, "") | {
        "customer": customer.name if customer else "",
        "contact": contact,
        "product": likely_product(desk.registers, customer, desk.products, _day(desk)),
        "received_at": desk.now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "zone": str(zone),
        "channel": "phone",
    }


def customer_named(desk: Desk, text: str) -> Customer | None:
    """Return the customer with this name or key, None for none that the person may know of."""
    known = customers_for(desk.registers, desk.products)
    return next((one for one in known if text in {one.key, one.name}), None)


def customer_meant(desk: Desk, form: Mapping[str, str]) -> Customer | None:
    """Return the customer named in a form; a guess is the only one in whom the words stand."""
    named = customer_named(desk, form["customer"])
    if named or form["unknown"] == "yes":
        return named
    found = find_customers(desk.registers, desk.products, form["customer"], limit=2)
    return found[0][0] if len(found) == 1 else None


def customers_meant(desk: Desk, text: str) -> Sequence[Customer]:
    """Return the customers in whom the words stand, as many as are told apart at a glance."""
    return [one for one, _ in find_customers(desk.registers, desk.products, text, limit=_SHOWN)]


def zone_of(registers: Registers, customer: Customer | None) -> tzinfo:
    """Return the zone in which a customer's day goes; the company's when the register does not say."""
    return (customer.time_zone if customer else None) or registers.calendar.zone


def settled(desk: Desk, form: Mapping[str, str]) -> dict[str, str]:
    """Fill in what follows from the rest: the customer's full name, the only product it can be."""
    customer = customer_meant(desk, form)
    product = form["product"] or likely_product(desk.registers, customer, desk.products, _day(desk))
    return {**form, "customer": customer.name if customer else form["customer"], "product": product}


def guesses(desk: Desk, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what settling a form has guessed: a person is to see it before it is filed."""
    text, name = before["customer"], after["customer"]
    if name != text and customer_named(desk, text) is None:
        yield "customer", desk.texts.say("entry.fault.customer_guessed", value=text, name=name)


def faults(desk: Desk, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a settled form: the field and a sentence with value and remedy."""
    say = desk.texts.say
    for name, most in MOST.items():
        if len(form[name]) > most:
            yield name, say("entry.fault.long", signs=len(form[name]), most=most)
    yield from _customer_faults(desk, form)
    if not form["title"]:
        yield "title", say("entry.fault.title")
    if form["product"] not in desk.products:
        wanted = "product_unseen" if form["product"] else "product"
        yield "product", say(f"entry.fault.{wanted}", value=form["product"])
    yield from _moment_faults(desk, form)
    if form["channel"] not in CHANNELS:
        yield "channel", say("entry.fault.choice", value=form["channel"])
    if form["kind"] not in {"", *KINDS}:
        yield "kind", say("entry.fault.choice", value=form["kind"])


def _customer_faults(desk: Desk, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name, say = form["customer"], desk.texts.say
    if not name:
        yield "customer", say("entry.fault.customer")
    elif customer_named(desk, name) is None and form["unknown"] != "yes":
        names = desk.texts.listed([one.name for one in customers_meant(desk, name)])
        key = "customer_several" if names else "customer_unknown"
        yield "customer", say(f"entry.fault.{key}", value=name, names=names)


def _moment_faults(desk: Desk, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    at, zone = received(desk, form), _zone(desk, form)
    here = desk.texts.moment(desk.now, zone)
    if at is None:
        yield "received_at", desk.texts.say("entry.fault.moment", value=form["received_at"], now=here)
    elif at > desk.now + _LEAD:
        told = desk.texts.moment(at, zone)
        yield "received_at", desk.texts.say("entry.fault.future", value=told, now=here, zone=zone)


def received(desk: Desk, form: Mapping[str, str]) -> datetime | None:
    """Return when the customer asked, read in the zone that the form showed; None for what is no moment."""
    return read_moment(form["received_at"], _zone(desk, form))


def _zone(desk: Desk, form: Mapping[str, str]) -> tzinfo:
    zones = (one.time_zone for one in customers_for(desk.registers, desk.products))
    return next((one for one in zones if one and str(one) == form["zone"]), desk.registers.calendar.zone)


def kept(desk: Desk, form: Mapping[str, str]) -> dict[str, str]:
    """Return a form without faults as it is kept, with the moment in the company's zone."""
    at, zone = received(desk, form), desk.registers.calendar.zone
    moment = at.astimezone(zone).strftime(_WRITTEN) if at else ""
    return {**form, "received_at": moment, "zone": str(zone)}


def wanted(token: str, form: Mapping[str, str]) -> EnsureIssue:
    """Return the request for a kept form. Its origin marker is the token: found again, never made twice."""
    fields = {
        Field.CUSTOMER: form["customer"],
        Field.CONTACT: form["contact"],
        Field.RECEIVED_AT: form["received_at"],
        Field.CHANNEL: form["channel"],
        Field.REQUEST_KIND: form["kind"],
    }
    return EnsureIssue(
        origin=f"entry:{token}",
        kind=IssueKind.SERVICE_REQUEST,
        product=form["product"],
        title=form["title"],
        description=form["text"],
        fields=tuple((name, value) for name, value in fields.items() if value),
    )


def _day(desk: Desk) -> date:
    return desk.registers.calendar.day_of(desk.now)
