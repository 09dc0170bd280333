"""Colours of themes become words, where nobody asked for digits."""

from espalier.blueprint import read
from espalier.blueprint.colors import hex_of
from espalier.data.colours import in_words, nearest

SALON = """\
app: Pawfect
data:
  Dog:
    name: text!
pages:
  Dogs:
    - table: Dog
"""


def themed(theme: str) -> str:
    lines = [line for line in SALON.splitlines() if not line.startswith("theme:")]
    return "\n".join([lines[0], f"theme: {theme}", *lines[1:]]) + "\n"


def test_every_colour_of_a_theme_gets_the_name_that_looks_most_like_it():
    text = in_words(themed('{primary: "#2e8b58", background: "#FDF5E6", accent: tomato, style: bold}'), "a salon")
    assert "theme: {primary: seagreen, background: oldlace, accent: tomato, style: bold}" in text
    read(text)


def test_digits_that_were_asked_for_stay():
    before = themed('{primary: "#2e8b58", background: "#fff"}')
    assert 'primary: "#2e8b58", background: white' in in_words(before, "our green is #2E8B58")


def test_only_the_theme_is_touched():
    before = themed("{primary: navy}").replace("name: text!", 'shade: color = "#2e8b58"', 1)
    assert in_words(before, "") == before


def test_a_name_stands_for_itself():
    for name in ("navy", "linen", "champagne", "petrol"):
        assert hex_of(nearest(hex_of(name))) == hex_of(name)
