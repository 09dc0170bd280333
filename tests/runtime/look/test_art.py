"""Drawn pictures: the same for the same words, safe, small, and about what the words say."""

from xml.etree import ElementTree

import pytest

from espalier.runtime.look.art import data_url, draw, sign
from espalier.runtime.look.objects import _FAMILIES, _WORDS, OBJECTS, subject, thing
from espalier.runtime.look.palette import palette

STYLES = ("friendly", "minimal", "bold", "elegant")
SHAPES = ("hero", "card", "square", "tall", "avatar")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shape", SHAPES)
def test_pictures_are_well_formed_in_every_style_and_shape(style: str, shape: str) -> None:
    for words in ("Country sourdough", "Kestrel", "Maren Holt", "", "日本", "<script>alert(1)</script>", "🙂"):
        for hint in ("", "person", "a garden"):
            picture = draw(words, hint, shape, style)
            root = ElementTree.fromstring(picture)
            assert root.tag == "svg"
            assert "script" not in {element.tag for element in root.iter()}
            assert "style=" not in picture, "the content security policy allows no inline styles"
            assert len(picture) < 20_000


def test_the_same_words_give_the_same_picture_and_other_words_another() -> None:
    assert draw("Rye bread") == draw("Rye bread")
    assert len({draw(f"Number {number}") for number in range(30)}) > 25


def test_every_style_draws_its_own_way() -> None:
    assert len({draw("Rye bread", style=style) for style in STYLES}) == 4


def test_letters_of_a_name_are_escaped() -> None:
    assert "&lt;" not in draw("Ada Lovelace", "person", "avatar")
    assert "AL</text>" in draw("Ada Lovelace", "person", "avatar")
    assert "<&" not in draw("<& name", "person", "avatar")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Country sourdough", "loaf"),
        ("Guitar lesson", "guitar"),
        ("Lemon drizzle cake", "cake"),
        ("Choir for people who cannot sing", "note"),
        ("A neighbourhood bakery and tea room", "loaf"),
        ("Dogs", "dog"),
        ("Zqx", None),
    ],
)
def test_words_call_for_things(words: str, name: str | None) -> None:
    assert thing(words) == name


def test_every_claimed_and_neighbouring_thing_is_drawn() -> None:
    assert set(_WORDS) <= set(OBJECTS)
    assert {name for family in _FAMILIES for name in family.split()} <= set(OBJECTS)
    for name, inside in OBJECTS.items():
        ElementTree.fromstring(f"<g>{inside}</g>"), name


def test_the_sign_has_the_colours_of_the_app() -> None:
    tokens = palette("teal", "ivory").light
    drawn = sign("<Crumb>", "bold", tokens)
    ElementTree.fromstring(drawn)
    assert tokens["primary"] in drawn
    assert data_url(drawn).startswith("data:image/svg+xml,%3Csvg")


@pytest.mark.parametrize(
    ("words", "about", "name"),
    [
        ("Laugh in the dark: tickets, support acts", "Stand-up comedy, with a bar that stays open", ""),
        ("Book a seat at the party", "Invitations and RSVPs for events", ""),
        ("Bring a dish", "A potluck for our street", "bowl"),
        ("What has stopped working?", "The IT desk of a school", "laptop"),
        ("Tickets", "A concert hall and its choir", "note"),
    ],
)
def test_words_of_many_meanings_call_for_nothing_by_themselves(words: str, about: str, name: str) -> None:
    assert subject(words, about, about) == name
