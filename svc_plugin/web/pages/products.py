"""The products that a person may see, and one of them: its plan in force, figures, risks, patches, budget."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from svc_plugin.domain.vocabulary import Role
from svc_plugin.web.pages.charts import bars
from svc_plugin.web.pages.overview import AGES, Overviews, usual_periods
from svc_plugin.web.pages.parts import PageParts, present, spoken


@dataclass(frozen=True, slots=True)
class Products:
    """The views. A product whose project a person may not see is not there for them."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/products", "products", self.listed)
        pages.add_url_rule(
            "/products/<product>", "product", partial(self.show, overviews=Overviews(self.parts))
        )

    def listed(self) -> ResponseReturnValue:
        """List the products with what is open and at risk."""
        known = [
            one for key, one in self.parts.registers.products.items() if key in present().access.products
        ]
        counts = self.parts.board.standing([one.key for one in known], self.parts.clock())
        return render_template("pages/products.html", products=known, counts=counts)

    def show(self, product: str, *, overviews: Overviews) -> ResponseReturnValue:
        """Show one product in a period, this quarter unless another is asked for."""
        mine, registers = present(), self.parts.registers
        if product not in mine.access.products or product not in registers.products:
            abort(404)
        usual = usual_periods(self.parts.clock().astimezone(registers.calendar.zone))
        period = request.args.get("period", usual[0])
        try:
            told = overviews.of(product, period)
        except ValueError:
            abort(404)
        # titles of issues are for those who work on the product; its figures are for all who see it
        trusted = any(registers.acts_as(mine.access.account, role, product) for role in Role)
        return render_template(
            "pages/product.html",
            product=registers.products[product],
            told=told,
            periods=usual,
            trusted=trusted,
            bars=bars,
            ages=[spoken().say(f"product.age.{days}") for days in (*AGES, 0)],
        )
