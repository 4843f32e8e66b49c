"""Phone entry: a request from a call or a visit, taken down fast, filed in the person's own name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.domain.finding_customers import customers_for, find_customers, products_of
from svc_plugin.domain.registers import Contact, Customer
from svc_plugin.domain.suggestions import Suggestion, suggested_by
from svc_plugin.domain.vocabulary import Field
from svc_plugin.store.drafts import Draft
from svc_plugin.web.pages import entry_form
from svc_plugin.web.pages.courier import Courier
from svc_plugin.web.pages.entry_form import CHANNELS, KINDS, MOST, Desk
from svc_plugin.web.pages.parts import PageParts, present, spoken

_FOUND, _OFFERED, _LISTED = 20, 300, 100
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """The views."""

    parts: PageParts
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "courier", Courier(self.parts))

    def install(self, pages: Blueprint) -> None:
        """Add the views; every page that somebody opens tries what of theirs still waits."""
        pages.before_request(self.remind)
        pages.add_url_rule("/entry", "entry", self.form)
        pages.add_url_rule("/entry", "file", self.file, methods=["POST"])
        pages.add_url_rule("/entry/drafts", "drafts", self.drafts)
        pages.add_url_rule("/entry/drafts/<token>", "draft", self.draft)
        pages.add_url_rule("/entry/drafts/<token>", "deliver", self.deliver, methods=["POST"])
        pages.add_url_rule("/entry/drafts/<token>/edit", "edit_draft", self.edit)
        pages.add_url_rule("/entry/drafts/<token>/drop", "drop_draft", self.drop, methods=["POST"])

    def remind(self) -> None:
        """Remember how much waits for the person who looks."""
        if request.method == "GET" and g.get("session") is not None:
            g.waiting_drafts = self.courier.remind(present())

    def _desk(self) -> Desk:
        return Desk(self.parts.registers, present().access.products, spoken(), self.parts.clock())

    def form(self) -> ResponseReturnValue:
        """Show the form: empty, for a customer that was searched for, or with what the search found."""
        desk, query = self._desk(), request.args.get("q", "")[:_LONGEST_SEARCH]
        known = {one.key: one for one in customers_for(desk.registers, desk.products)}
        customer = known.get(request.args.get("customer", ""))
        asked = next((one for one in _contacts(customer) if one == request.args.get("contact")), "")
        form = entry_form.blank(desk, customer, asked)
        found = find_customers(desk.registers, desk.products, query, limit=_FOUND)
        return self._page(desk, form, entry_form.new_token(), customer=customer, query=query, found=found)

    def file(self) -> ResponseReturnValue:
        """Keep what was typed, then bring it to the site; what is wrong is said beside its field."""
        desk, token = self._desk(), request.form.get("token", "")
        if not entry_form.is_token(token):
            abort(400)
        filing, picked = request.form.get("do") == "file", request.form.get("pick", "")
        typed = entry_form.typed(request.form) | ({"customer": picked} if picked else {})
        form = entry_form.settled(desk, typed)
        wrong = dict(entry_form.guesses(desk, typed, form)) | dict(entry_form.faults(desk, form))
        if wrong or not filing:
            customer = entry_form.customer_meant(desk, form)
            page = self._page(desk, form, token, customer=customer, faults=wrong, judged=True)
            return page, 422 if wrong and filing else 200
        mine, where = present(), url_for("pages.draft", token=token)
        kept = entry_form.kept(desk, form)
        if self.parts.drafts.put(token, mine.site, mine.access.account, kept, desk.now):
            self.courier.deliver(mine, token)
        elif not self._own(token).says(kept):
            flash(spoken().say("entry.draft.closed"))
        return redirect(where, 303)

    def _page(
        self,
        desk: Desk,
        form: Mapping[str, str],
        token: str,
        *,
        customer: Customer | None = None,
        query: str = "",
        found: object = (),
        faults: Mapping[str, str] | None = None,
        judged: bool = False,
    ) -> str:
        day = desk.registers.calendar.day_of(desk.now)
        theirs, rest = products_of(desk.registers, customer, desk.products, day)
        known = [one.name for one in customers_for(desk.registers, desk.products)]
        return render_template(
            "pages/entry.html",
            form=form,
            submit_token=token,
            customer=customer,
            contacts=_contacts(customer),
            query=query,
            found=found,
            contact_line=contact_line,
            faults=faults or {},
            meant=entry_form.customers_meant(desk, form["customer"]) if judged and not customer else (),
            theirs=theirs,
            rest=rest,
            contracts={
                one: agreed
                for one in theirs
                if customer and (agreed := desk.registers.contract_of(customer, one, day))
            },
            names=known if len(known) <= _OFFERED else (),
            channels=CHANNELS,
            kinds=KINDS,
            most=MOST,
            judged=judged,
            suggestion=self._suggestion(form),
        )

    def _suggestion(self, form: Mapping[str, str]) -> Suggestion | None:
        policy = self.parts.reconciler.policies.at(self.parts.clock())
        return suggested_by(f"{form['title']}\n{form['text']}", Field.REQUEST_KIND, policy)

    def drafts(self) -> ResponseReturnValue:
        """List one's own drafts, each with the reason why it still waits."""
        mine = present()
        own = self.parts.drafts.of(mine.site, mine.access.account, limit=_LISTED)
        return render_template("pages/drafts.html", drafts=own, now=self.parts.clock())

    def draft(self, token: str) -> ResponseReturnValue:
        """Show what became of one draft."""
        found = self._own(token)
        suggestion = self._suggestion(found.form) if found.waiting else None
        return render_template("pages/draft.html", draft=found, suggestion=suggestion, now=self.parts.clock())

    def deliver(self, token: str) -> ResponseReturnValue:
        """Try one draft now."""
        self._own(token)
        self.courier.deliver(present(), token)
        return redirect(url_for("pages.draft", token=token), 303)

    def edit(self, token: str) -> ResponseReturnValue:
        """Open a draft that waits in the form again."""
        found, desk = self._own(token), self._desk()
        if not found.waiting:
            return redirect(url_for("pages.draft", token=token), 303)
        customer = entry_form.customer_meant(desk, found.form)
        return self._page(desk, found.form, token, customer=customer, judged=True)

    def drop(self, token: str) -> ResponseReturnValue:
        """Give up a draft."""
        found, mine = self._own(token), present()
        gone = self.parts.drafts.drop(token, mine.site, mine.access.account, self.parts.clock())
        key = "entry.draft.dropped" if gone else "entry.draft.busy"
        flash(spoken().say(key, title=found.form.get("title", "")))
        return redirect(url_for("pages.drafts"), 303)

    def _own(self, token: str) -> Draft:
        mine = present()
        valid = entry_form.is_token(token)
        found = self.parts.drafts.find(token, mine.site, mine.access.account) if valid else None
        if found is None:
            abort(404)
        return found


def contact_line(contact: Contact) -> str:
    """Write a contact in one line, as it stands on the issue."""
    return " ".join(part for part in (contact.name, contact.phone or contact.email) if part)


def _contacts(customer: Customer | None) -> list[str]:
    return [contact_line(one) for one in customer.contacts] if customer else []
