"""Printing: one text for one blueprint, short, and read back to the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.blueprint import print_blueprint, read
from tests.samples import GALLERY, REPAIRS, ROOT, SMALL, WEBGEN


@pytest.mark.parametrize("path", [*GALLERY, *WEBGEN], ids=lambda path: path.stem)
def test_reading_what_is_printed_gives_the_same(path):
    blueprint = read(path.read_text())
    text = print_blueprint(blueprint)
    assert read(text) == blueprint
    assert print_blueprint(read(text)) == text


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_is_written_as_the_printer_writes(path):
    assert print_blueprint(read(path.read_text())) == path.read_text()


def test_the_language_page_shows_canonical_text():
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "language.md").read_text(), re.DOTALL)[1]
    assert print_blueprint(read(example)) == example


WORDS = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS)
def test_any_words_survive(app, title, text, question):
    tree = read(SMALL).model_dump()
    tree["app"] = app[:80]
    tree["pages"] = {
        "Home": [{"hero": title, "text": text}, {"faq": {question: text}}, {"text": f"{text}\n\n- {title}\n"}]
    }
    from espalier.blueprint import read_tree

    blueprint = read_tree(tree)
    assert read(print_blueprint(blueprint)) == blueprint
    assert blueprint.pages["Home"][0].of == title


def test_code_keeps_its_lines():
    code = 'const a = {b: 1};\n\nif (a.b > 0) { show("x: #1"); }\n  // end\n'
    tree = read(SMALL).model_dump()
    tree["pages"] = {"Home": [{"custom": "Game", "html": "<p id=a></p>", "js": code}]}
    from espalier.blueprint import read_tree

    text = print_blueprint(read_tree(tree))
    assert "js: |\n" in text
    assert read(text).pages["Home"][0].js == code


def test_defaults_are_not_written():
    assert print_blueprint(read(SMALL)) == SMALL
    assert print_blueprint(read(REPAIRS)) == REPAIRS
