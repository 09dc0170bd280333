"""The studio's front as files: nothing inline, nothing that is not there, nothing called that the API has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from espalier.blueprint.fields import SHAPED, TYPES
from espalier.studio import api

HERE = Path(api.__file__).parent
STATIC = HERE / "static"
TEMPLATES = {file.name: file.read_text("utf-8") for file in (HERE / "templates").glob("*.html")}
MODULES = {file.name: file.read_text("utf-8") for file in STATIC.glob("*.js")}
SHEETS = {file.name: file.read_text("utf-8") for file in (STATIC / "css").glob("*.css")}
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor" / "icons.svg").read_text("utf-8")))


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name: str):
    """The policy of every answer lets nothing inline run; a page that needs it would be broken."""
    text = TEMPLATES[name]
    assert not re.search(r"\s(style|on\w+)=", text)
    assert not re.search(r"<style|javascript:|\|\s*safe\b", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert 'src="/static/' in tag or 'type="application/json"' in tag, tag


@pytest.mark.parametrize("name", MODULES)
def test_no_module_makes_markup_of_words(name: str):
    text = MODULES[name]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert 'setAttribute("style"' not in text


def test_every_file_that_is_asked_for_is_there():
    for name, text in TEMPLATES.items():
        for path in re.findall(r'"/static/([\w./-]+)', text.replace("{{ part }}", "tokens")):
            assert (STATIC / path).is_file(), (name, path)
    for name, text in MODULES.items():
        for path in re.findall(r'(?:from|import\()\s*"\./([\w./-]+)"', text):
            assert (STATIC / path).is_file(), (name, path)
    parts = re.search(r"for part in \(([^)]*)\)", TEMPLATES["base.html"])
    assert parts
    assert {f"{part}.css" for part in re.findall(r"\w+", parts[1])} == set(SHEETS)


def test_every_icon_is_there():
    wanted = set()
    for text in TEMPLATES.values():
        wanted |= set(re.findall(r'icon\("([\w-]+)"\)', text))
    for text in MODULES.values():
        wanted |= set(re.findall(r'(?:image: |icon\()"([\w-]+)"', text))
    assert len(wanted) > 20
    assert wanted <= ICONS


def test_everything_that_is_called_is_in_the_api():
    there = {re.sub(r"\{[^}]*\}", "*", path) for _, path, _ in api.ROUTES} | {"/api/builds/*/events"}
    called = set()
    for text in MODULES.values():
        called |= {
            re.sub(r"\$\{[^}]*\}", "*", path).partition("?")[0] for path in re.findall(r'["`](/api/[^"`]*)', text)
        }
        for path in re.findall(r'here\.(?:url|change)\(["`](/[^"`]*)', text):
            called.add("/api/apps/*" + re.sub(r"\$\{[^}]*\}", "*", path).partition("?")[0])
    for text in TEMPLATES.values():
        called |= {re.sub(r"\{\{[^}]*\}\}", "*", path) for path in re.findall(r'data-api="([^"]*)"', text)}
    assert "/api/apps/*/request" in called
    assert called - {"/api/apps/**"} <= there  # that one is how workspace.js makes them all


def test_completion_knows_the_types_of_the_language():
    listed = re.search(r"TYPES = \[([^\]]*)\]", MODULES["completion.js"])
    assert listed
    assert set(re.findall(r'"(\w+)"', listed[1])) == set(TYPES) - set(SHAPED)


def test_colours_come_from_the_tokens():
    """Light and dark have one list of colours: no other sheet names one."""
    for name, text in SHEETS.items():
        if name != "tokens.css":
            plain = re.sub(r'url\("data:[^"]*"\)', "", text)
            assert not re.search(r"oklch\(|rgb\(|hsl\(", plain), name
            assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", plain)) <= {"#fff", "#000"}, name


def test_what_is_vendored_is_said():
    said = (STATIC / "vendor" / "VENDORED.txt").read_text("utf-8")
    licences = (STATIC / "vendor" / "LICENCES.txt").read_text("utf-8")
    for file in (STATIC / "vendor").iterdir():
        if file.suffix in (".js", ".svg", ".woff2"):
            assert f": {file.name}" in said
    for name in ("@codemirror/view", "@codemirror/lang-yaml", "@fontsource-variable/newsreader", "lucide-static"):
        assert name in licences
