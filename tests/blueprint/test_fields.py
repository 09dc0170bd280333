"""Every field type: what it accepts, what it refuses, and that its samples and wrong values keep their promise."""

import pytest

from espalier.blueprint.field import Field
from espalier.blueprint.fields import SHAPED, TYPES

WRITTEN = {
    "int": ["int", "int 1..5", "int ..0", "int 3..", "int km"], "number": ["number", "number 0..1", "number kg"], "money": ["money", "money EUR", "money 1..9"],
    "rating": ["rating", "rating 1..10"], "serial": ["serial", "serial INV-0001"], "percent": ["percent"],
}  # fmt: skip
ALL = [text for name in TYPES if name not in SHAPED for text in WRITTEN.get(name, [name])] + ["A | B C | D!"]


@pytest.mark.parametrize("text", ALL)
def test_samples_are_accepted_and_wrong_values_are_not(text):
    field = Field.parse(text).named("field", frozenset())
    for index in range(7):
        sample = field.type.sample(field, index)
        if sample:
            field.type.read(sample, field)
    for wrong in field.type.wrong(field):
        with pytest.raises(ValueError) as error:
            field.type.read(wrong, field)
        assert str(error.value)


@pytest.mark.parametrize("text", ALL)
def test_a_field_prints_as_it_is_written(text):
    assert str(Field.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "given", "value"),
    [
        ("int", "1,250", 1250), ("number", "12,5", 12.5), ("money", "$1,250.50", "1250.50"), ("money EUR", "12,50 EUR", "12.50"), ("percent", "40 %", 40.0),
        ("bool", "Yes", True), ("bool", "off", False), ("date", "2027-03-31T10:00", "2027-03-31"), ("time", "9:05", "09:05:00"), ("url", "example.com/a", "https://example.com/a"),
        ("email", "Ana@Example.com", "ana@example.com"), ("tags", "a, b,, a", ["a", "b"]), ("color", "Misty Rose", "#ffe4e1"), ("Open | In review", "in review", "In review"),
    ],
)  # fmt: skip
def test_values_as_people_write_them(text, given, value):
    field = Field.parse(text).named("field", frozenset())
    read = field.type.read(given, field)
    assert str(read) == value if isinstance(value, str) else read == value


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//",
        "https://a b.com",
        'http://x"onload=.com',
        "ftp://example.com",
        "https://",
    ],
)
def test_an_address_that_could_run_is_refused(address):
    field = Field.parse("url")
    with pytest.raises(ValueError):
        field.type.read(address, field)
