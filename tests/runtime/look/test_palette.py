"""Palettes: accessible whatever was asked for, and recognisably what was asked for."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.blueprint.colors import EVERYDAY, NEAREST
from espalier.blueprint.colors import NAMES as CSS
from espalier.runtime.look.colours import contrast, from_lch, parse, to_hex, to_lch
from espalier.runtime.look.palette import SHAPE, SHAPE_PAIRS, TEXT, TEXT_PAIRS, palette

NAMES = sorted({*CSS, *NEAREST, *EVERYDAY})  # every name that the language takes


def assert_accessible(primary: str, background: str, accent: str | None = None) -> None:
    made = palette(primary, background, accent)
    for tokens in (made.light, made.dark):
        colours = {name: parse(value) for name, value in tokens.items()}
        for pairs, wanted in ((TEXT_PAIRS, TEXT), (SHAPE_PAIRS, SHAPE)):
            for one, other in pairs:
                reached = contrast(colours[one], colours[other])
                assert reached >= wanted, f"{primary} on {background}: {one} on {other} has only {reached:.2f}"


def test_every_named_colour_makes_an_accessible_palette() -> None:
    chance = random.Random(7)
    for primary in NAMES:
        for background in chance.sample(NAMES, 2):
            assert_accessible(primary, background)
    for background in NAMES:
        assert_accessible(chance.choice(NAMES), background, chance.choice(NAMES))


@settings(max_examples=60, deadline=None)
@given(*(st.integers(0, 0xFFFFFF) for _ in range(3)))
def test_any_hex_colours_make_an_accessible_palette(primary: int, background: int, accent: int) -> None:
    assert_accessible(f"#{primary:06x}", f"#{background:06x}", f"#{accent:06x}")


def test_the_asked_colours_are_used_as_asked() -> None:
    made = palette("teal", "ivory")
    assert made.mode == "light"
    assert (made.light["background"], made.light["primary"]) == ("#fffff0", "#008080")
    assert made.dark["primary"] == "#008080"


def test_a_dark_background_is_the_dark_look_and_light_is_derived() -> None:
    made = palette("gold", "#101418")
    assert made.mode == "dark"
    assert made.tokens["background"] == "#101418"
    assert to_lch(parse(made.light["background"]))[0] > 0.9
    assert palette("gold", "#101418", mode="light").mode == "light"


def test_text_on_a_pale_button_is_dark_rather_than_the_button_darkened() -> None:
    light = palette("gold", "white").light
    assert light["primary"] == "#ffd700"
    assert to_lch(parse(light["on_primary"]))[0] < 0.3
    assert contrast(parse(light["primary_text"]), parse("white")) >= TEXT


def test_chart_colours_differ() -> None:
    light = palette("teal", "ivory").light
    assert len({light[f"series_{number}"] for number in range(1, 9)}) == 8


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("misty rose", "#ffe4e1"),
        ("MistyRose", "#ffe4e1"),
        ("light goldenrod", "#fafad2"),
        ("azure mist", "#f0ffff"),
        ("Dark-Slate-Grey", "#2f4f4f"),
        ("#abc", "#aabbcc"),
        ("0f766e", "#0f766e"),
        ("rgb(15, 118, 110)", "#0f766e"),
        ("hsl(0 100% 50%)", "#ff0000"),
    ],
)
def test_colours_are_read_as_people_write_them(written: str, meant: str) -> None:
    assert to_hex(parse(written)) == meant


def test_a_word_that_is_no_colour_is_refused_with_a_close_match() -> None:
    with pytest.raises(ValueError, match="did you mean `turquoise`"):
        parse("turkwoise")
    with pytest.raises(ValueError, match="is not a colour"):
        parse("rgb(oops)")
    with pytest.raises(ValueError, match="is not a colour"):
        parse("")


def test_the_arithmetic_agrees_with_a_colour_library() -> None:
    coloraide = pytest.importorskip("coloraide")
    for name in ("teal", "gold", "rebeccapurple", "black", "white", "tomato"):
        lightness, chroma, hue = to_lch(parse(name))
        expected = coloraide.Color(name).convert("oklch")
        assert lightness == pytest.approx(expected["lightness"], abs=1e-4)
        assert chroma == pytest.approx(expected["chroma"], abs=1e-4)
        assert from_lch(lightness, chroma, hue) == parse(name)
        ours = contrast(parse(name), parse("white"))
        assert ours == pytest.approx(coloraide.Color(name).contrast("white", method="wcag21"), rel=1e-3)


@pytest.mark.parametrize("primary", ["#ff0000", "#ff00ff", "#f0146e"])
def test_words_on_a_large_strong_ground_are_white_rather_than_dark(primary: str) -> None:
    for tokens in (palette(primary, "white").light, palette(primary, "#111111").dark):
        assert tokens["primary"] == primary  # buttons keep what was asked for
        assert tokens["on_poster"] == "#ffffff"
        assert contrast(parse(tokens["poster"]), parse("#ffffff")) >= TEXT
        hue, asked = to_lch(parse(tokens["poster"]))[2], to_lch(parse(primary))[2]
        assert abs(hue - asked) < 8


def test_a_large_ground_on_which_words_are_plain_is_the_primary() -> None:
    for primary in ("gold", "teal", "#ff8800"):
        light = palette(primary, "white").light
        assert (light["poster"], light["on_poster"]) == (light["primary"], light["on_primary"])
