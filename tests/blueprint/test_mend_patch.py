"""A patch that does not fit becomes one that does, with as much of it as can be used."""

from __future__ import annotations

import pytest

from espalier.blueprint import print_blueprint, read
from espalier.blueprint.mend import mend_patch
from espalier.blueprint.patch import apply, read_patch

SALON = read("""\
app: Dog Salon
roles: [groomer]
data:
  Dog:
    name: text!
    breed: text
  Visit:
    dog: Dog!
    price: money
    status: Booked | Done = Booked
access:
  Dog: {read: user, write: groomer}
pages:
  Dogs:
    - table: Dog
      show: [name, breed]
  Visits:
    - board: Visit by status
seed:
  Dog:
    - Rex | Poodle
""")


def after(text: str) -> str:
    """The blueprint after the mended patch."""
    mended = mend_patch(SALON, text)
    assert mended.fixes
    return print_blueprint(apply(SALON, read_patch(mended.text)))


@pytest.mark.parametrize(
    "text", ["data:\n  Dog:\n    age: int\n", "rename:\n  Dog.breed: race\n", "pages:\n  Visits: null\n"]
)
def test_what_applies_is_left_as_it_is(text: str) -> None:
    assert mend_patch(SALON, text).text == text
    assert not mend_patch(SALON, text).fixes


def test_of_what_was_cut_off_the_beginning_is_taken() -> None:
    said = after('data:\n  Dog:\n    age: int\npages:\n  Dogs:\n    - table: Dog\n      show: [name, breed, "ag')
    assert "age: int" in said


def test_a_page_loses_what_the_patch_takes_away() -> None:
    said = after("data:\n  Dog:\n    breed: null\n")
    assert "breed" not in said and "name: text!" in said and "board: Visit by status" in said


def test_an_entity_goes_with_what_shows_it() -> None:
    said = after("data:\n  Visit: null\n")
    assert "Visit" not in said.replace("Visits", "") and "table: Dog" in said


def test_what_names_nothing_is_left_out() -> None:
    said = after("data:\n  Dog:\n    age: int\npages:\n  Cats:\n    - table: Cat\n")
    assert "age: int" in said and "Cat" not in said


def test_a_new_name_that_cannot_be_given_is_left_out() -> None:
    said = after("rename:\n  Cat: Tiger\n  Dog.breed: race\ndata:\n  Dog:\n    age: int\n")
    assert "race: text" in said and "age: int" in said


def test_an_order_of_what_is_not_there_is_left_out() -> None:
    assert "age: int" in after("data:\n  Dog:\n    age: int\norder:\n  seed.Cat: [x]\n")


@pytest.mark.parametrize(
    "text", ["", "hello there", "- a\n- b\n", "pages: []\n", "data: 3\n", "rename: 4\n", "{[", "a: b: c\n"]
)
def test_it_never_breaks(text: str) -> None:
    mended = mend_patch(SALON, text)
    if mended.text:
        apply(SALON, read_patch(mended.text))
