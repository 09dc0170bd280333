"""What every field type says about itself, and the list of types.

A type's file here holds its half of the language: its name, which parameter it takes, and how a value is read from text
(a form, a CSV cell, a seed row all arrive as text). How it is stored and shown is the runtime's half, in the file of the
same name under runtime/fields/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ..field import Field

TYPES: dict[str, FieldType] = {}

RANGE = re.compile(r"(?P<low>-?\d+(?:\.\d+)?)?\.\.(?P<high>-?\d+(?:\.\d+)?)?")
UNIT = re.compile(r"[^\s\d=!|][^\s=!|]{0,11}")


@dataclass(frozen=True)
class Range:
    """Bounds of a number, both inclusive; None is open."""

    low: float | None
    high: float | None

    def check(self, value: float) -> None:
        """Raise ValueError with words for a person when value is outside."""
        if self.low is not None and value < self.low:
            raise ValueError(f"must be {self.low:g} or more")
        if self.high is not None and value > self.high:
            raise ValueError(f"must be {self.high:g} or less")


def read_range(text: str | None) -> Range:
    """The range a parameter says (`1..5`, `0..`), open on both sides when it says none."""
    match = RANGE.fullmatch(text or "")
    if not match:
        return Range(None, None)
    low, high = match["low"], match["high"]
    return Range(float(low) if low else None, float(high) if high else None)


def outside(parameter: str | None, form: str = "{:g}") -> list[str]:
    """Texts of the numbers just outside a range, for `wrong`."""
    bounds = read_range(parameter)
    below = [form.format(bounds.low - 1)] if bounds.low is not None else []
    return below + ([form.format(bounds.high + 1)] if bounds.high is not None else [])


class FieldType:
    """One kind of field. Subclasses register by their name; adding one is adding a file."""

    name: ClassVar[str]
    says: ClassVar[str]  # what it is, in a few words, for the reference card and the editor
    value: ClassVar[str]  # its type in expressions
    aliases: ClassVar[tuple[str, ...]] = ()  # names that people and models write for it
    parameters: ClassVar[tuple[str, ...]] = ()  # of "range", "unit", "start"
    largest: ClassVar[int] = 200  # characters of text a person may give

    def __init_subclass__(cls) -> None:
        TYPES[cls.name] = cls()

    def check_parameter(self, text: str) -> None:
        """Raise ValueError when this type does not take such a parameter."""
        if "range" in self.parameters and ".." in text and RANGE.fullmatch(text):
            bounds = read_range(text)
            if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
                raise ValueError(f"the range `{text}` is empty")
            return
        if "unit" in self.parameters and UNIT.fullmatch(text) and ".." not in text:
            return
        takes = {
            "range": "a range such as `1..5`",
            "unit": "a unit such as `kg`",
            "start": "a start such as `INV-0001`",
        }
        can = " or ".join(takes[name] for name in self.parameters) or "no parameter"
        raise ValueError(f"`{text}` does not fit here: `{self.name}` takes {can}")

    def read(self, text: str, field: Field) -> Any:
        """The value that text says. Raises ValueError with words for the person who wrote it.

        text is stripped and not empty (what is missing is the caller's matter).
        """
        if len(text) > self.largest:
            raise ValueError(f"is too long: at most {self.largest:,} characters, not {len(text):,}")
        return text

    def sample(self, field: Field, index: int) -> str:
        """A text that read accepts; different for different indexes as far as the type allows."""
        raise NotImplementedError

    def wrong(self, field: Field) -> list[str]:
        """Texts that read refuses, one for each way to be wrong."""
        return ["x" * (self.largest + 1)]
