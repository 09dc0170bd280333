"""A number with decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import Float

from ...blueprint.field import Field
from ...blueprint.fields import read_range
from .base import FieldKind

if TYPE_CHECKING:
    from ..display import Box, Display


def range_check(field: Field, parameter: str | None = None, factor: int = 1) -> dict[str, str]:
    """The condition that keeps the column inside the field's range; factor is how many row units one unit is."""
    bounds = read_range(parameter or field.parameter)
    parts = [
        f"{{column}} {sign} {f'{round(bound * factor)}' if factor > 1 else f'{bound!r}'.removesuffix('.0')}"
        for sign, bound in ((">=", bounds.low), ("<=", bounds.high))
        if bound is not None
    ]
    return {"range": " AND ".join(parts)} if parts else {}


class Number(FieldKind):
    name = "number"
    column_type = Float()

    def checks(self, field: Field) -> dict[str, str]:
        return range_check(field)

    def one_to_row(self, value: Any) -> Any:
        return float(value)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("must be a number")
        return field.type.read(value.strip() if isinstance(value, str) else decimal_text(value), field)

    def one_to_text(self, value: Any) -> str:
        return decimal_text(value)

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        unit = unit_of(field)
        return f"{grouped(value)} {unit}".rstrip()

    def input(self, field: Field, box: Box) -> Markup:
        return number_input(box, unit=unit_of(field), **edges(field.parameter))


def unit_of(field: Field) -> str:
    """The unit a parameter says (`kg`); "" when it says a range or nothing."""
    said = field.parameter if field.parameter and ".." not in field.parameter else ""
    return said.replace("m2", "m²").replace("m3", "m³") if said in ("m2", "m3", "cm2", "cm3", "km2") else said


def edges(parameter: str | None) -> dict[str, str]:
    """The range of a parameter as attributes of an input."""
    bounds = read_range(parameter)
    said = {"min": bounds.low, "max": bounds.high}
    return {name: f"{edge:g}" for name, edge in said.items() if edge is not None}


def grouped(value: Any) -> str:
    """A number as people read it: `1,250.5`."""
    whole, point, rest = decimal_text(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() and int(whole) else decimal_text(value)


def number_input(box: Box, **more: Any) -> Markup:
    """The look's number input. A browser would drop what is no number, so that is shown in a plain one to be mended."""
    try:
        float(box.value or 0)
    except ValueError:
        return box.draw("text", value=box.value, inputmode="decimal")
    return box.draw("number", value=box.value, **more)


def decimal_text(value: Any) -> str:
    """A number without exponent and without needless zeros: `2`, `0.1`, `1250.5`."""
    text = f"{value:.9f}" if isinstance(value, float) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
