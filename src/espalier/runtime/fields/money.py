"""An amount of money: a Decimal with two places, stored as whole cents."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import BigInteger

from ...blueprint.field import Field
from .base import FieldKind
from .number import decimal_text, edges, number_input, range_check, unit_of

CENT = Decimal("0.01")
SIGNS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "NGN": "₦", "PHP": "₱",
    "UAH": "₴", "VND": "₫", "TRY": "₺", "THB": "฿", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "BRL": "R$", "ZAR": "R",
}  # fmt: skip
WHOLE = frozenset({"JPY", "KRW", "VND", "HUF", "CLP"})  # currencies whose small coins nobody uses
LARGE = 10_000  # from here on nobody reads cents that are none

if TYPE_CHECKING:
    from ..display import Box, Display


class Money(FieldKind):
    name = "money"
    column_type = BigInteger()

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field, factor=100)

    def one_to_row(self, value: Any) -> Any:
        return int(Decimal(str(value)).quantize(CENT) * 100)

    def one_from_row(self, value: Any) -> Any:
        # A sum or an average of cents may come as a float.
        return (Decimal(str(value)) / 100).quantize(CENT)

    def one_to_json(self, value: Any) -> Any:
        # 15 digits at most, which a JSON number holds exactly.
        return float(value)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("must be an amount such as 12.50")
        return field.type.read(value.strip() if isinstance(value, str) else decimal_text(value), field)

    def one_to_text(self, value: Any) -> str:
        return f"{value:.2f}"

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return amount(value, currency_of(field))

    def input(self, field: Field, box: Box) -> Markup:
        code = currency_of(field)
        return number_input(box, currency=SIGNS.get(code, code), step="0.01", **edges(field.parameter))


def currency_of(field: Field) -> str:
    """The currency as its three letters or its sign; dollars when the blueprint says none."""
    return unit_of(field).upper() or "USD"


def amount(value: Any, code: str) -> str:
    """An amount as people read it: `$1,250.00`, `-€5.00`, `40.00 CHF`; whole yen and whole large amounts without cents."""
    whole = value == int(value) and (code in WHOLE or abs(value) >= LARGE)
    text = f"{abs(value):,.0f}" if whole else f"{abs(value):,.2f}"
    sign = SIGNS.get(code, "" if code.isalpha() else code)
    minus = "-" if value < 0 else ""
    return f"{minus}{sign}{text}" if sign else f"{minus}{text} {code}"
