"""Values of every field type in their four forms."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from espalier.blueprint.field import Field
from espalier.blueprint.fields import TYPES
from espalier.runtime.fields import FIELD_KINDS, kind

TYPED = sorted(set(TYPES) - {"marks"})


def field(name: str, many: bool = False) -> Field:
    choices = ("Low", "Very, very high") if name == "choice" else ()
    return Field(name, name="x", many=many, choices=choices, target="User" if name == "reference" else "")


def test_every_type_has_both_halves():
    assert set(FIELD_KINDS) == set(TYPES)


@pytest.mark.parametrize("name", TYPED)
def test_a_value_survives_all_its_forms(name):
    said, told = field(name), kind(field(name))
    for index in range(5):
        value = told.from_text(said.type.sample(said, index), said)
        assert told.from_row(told.to_row(value, said), said) == value
        assert told.from_json(json.loads(json.dumps(told.to_json(value, said))), said) == value
        assert told.from_text(told.to_text(value, said), said) == value


@pytest.mark.parametrize("name", ["choice", "reference", "image", "file"])
def test_many_values_survive_all_their_forms(name):
    said, told = field(name, many=True), kind(field(name))
    value = {"choice": ["Low"], "reference": [3, 1], "image": ["a.png", "b.png"], "file": ["a.pdf"]}[name]
    assert told.from_row(told.to_row(value, said), said) == value
    assert told.from_json(told.to_json(value, said), said) == value
    assert told.from_text(told.to_text(value, said), said) == value
    with pytest.raises(ValueError, match="must be a list"):
        told.from_json("Low", said)


@pytest.mark.parametrize(
    "name", [name for name in TYPED if name not in ("json", "text", "long", "location", "serial", "file", "image")]
)
def test_what_makes_no_sense_is_refused_in_words(name):
    said, told = field(name), kind(field(name))
    for wrong in ({"a": 1}, [[1]], 1.5e300, True if name != "bool" else 7):
        with pytest.raises(ValueError, match=r"^(must|is|takes)"):
            told.from_json(wrong, said)
    # Whether a record of that id exists is for the records room to see.
    for wrong in (text for text in said.type.wrong(said) if not (name == "reference" and text.isdigit())):
        with pytest.raises(ValueError, match=r"must|is|takes"):
            told.from_text(wrong, said)


@pytest.mark.parametrize("name", TYPED)
def test_nothing_is_nothing_in_every_form(name):
    said, told = field(name), kind(field(name))
    assert (
        told.to_row(None, said)
        is told.from_row(None, said)
        is told.to_json(None, said)
        is told.from_json(None, said)
        is None
    )
    assert told.from_text("  ", said) is None
    assert told.to_text(None, said) == ""


def test_money_is_whole_cents():
    said = field("money")
    assert kind(said).to_row(Decimal("12.50"), said) == 1250
    assert kind(said).from_row(1250, said) == Decimal("12.50")
    assert kind(said).from_json(0.1, said) == Decimal("0.10")


def test_a_choice_with_a_comma_stays_whole():
    said = field("choice", many=True)
    assert kind(said).from_text("Very, very high", said) == ["Very, very high"]
