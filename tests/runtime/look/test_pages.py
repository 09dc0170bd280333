"""The templates as browsers get them: escaped, labelled, and within the content security policy."""

import re
from html.parser import HTMLParser

import pytest

from espalier.runtime.look import Flash, Link, Shell, Theme, Visitor, asset, environment, stylesheet
from espalier.runtime.look.assets import FONTS, STATIC, icons, names
from espalier.runtime.look.environment import TEMPLATES
from espalier.runtime.look.kit.__main__ import PAGES, render
from espalier.runtime.look.kit.content import APPS
from espalier.runtime.look.shell import STYLES
from espalier.runtime.look.words import icon_for, tone

EVIL = "<script>alert('x')</script>\"onload='y"
IMPORTS = "".join(
    f'{{% import "{name}.html" as {name} with context %}}' for name in ("ui", "forms", "records", "content")
)


class Document(HTMLParser):
    """What the tests ask of a page: its elements, and whether they nest."""

    VOID = frozenset(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def shell(**changes: object) -> Shell:
    defaults: dict[str, object] = {
        "name": EVIL,
        "about": EVIL,
        "nav": (Link(EVIL, "/", True),),
        "visitor": Visitor(EVIL),
        "csrf": EVIL,
    }
    return Shell(**(defaults | changes))  # type: ignore[arg-type]


def part(source: str, **values: object) -> str:
    return environment().from_string(IMPORTS + source).render(app=shell(), evil=EVIL, **values)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.style)
@pytest.mark.parametrize("page", PAGES)
def test_pages_nest_have_landmarks_and_keep_to_the_policy(app, page: str) -> None:
    text = render(app, page, Theme.of(app.primary, app.background, app.accent, app.style))
    document = Document(text)
    for tag, attributes in document.elements:
        assert "style" not in attributes, f"inline style on {tag}"
        assert not [name for name in attributes if name.startswith("on")], f"inline script on {tag}"
        if tag == "img":
            assert "alt" in attributes
        if tag == "script":
            assert attributes.get("src"), "scripts come from files"
    for landmark in ("main", "header"):
        assert len(document.of(landmark)) == 1
    assert len(document.of("title")) == 1
    if page != "art":
        assert len(document.of("h1")) == 1
    ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "an id twice"
    labelled = {attributes.get("for") for attributes in document.of("label")}
    for attributes in document.of("input") + document.of("select") + document.of("textarea"):
        if attributes.get("type") in ("hidden", "radio", "checkbox"):
            continue
        assert attributes.get("id") in labelled or attributes.get("aria-label"), f"no label: {attributes}"
    for attributes in document.of("form"):
        assert attributes.get("method", "get") in ("get", "post", "dialog")


def test_posting_forms_carry_the_token() -> None:
    text = part(
        '{% call forms.form("/save") %}{% endcall %}{{ ui.post_button("Go", "/go") }}{{ ui.menu_post("Go", "/go") }}'
    )
    assert text.count('name="csrf"') == text.count('method="post"') == 3


@pytest.mark.parametrize(
    "source",
    [
        '{% extends "base.html" %}',
        '{% extends "error.html" %}',
        "{{ ui.button(evil, confirm=evil, hx_get=evil) }}{{ ui.chip(evil) }}{{ ui.person(evil) }}{{ ui.notice(evil) }}{{ ui.toast(evil) }}",
        "{{ ui.picture(evil, evil, 'wide', evil, evil) }}{{ ui.empty(evil, evil, evil, evil) }}{{ ui.swatch(evil) }}{{ ui.copy_link(evil, evil) }}",
        "{{ forms.text('a', evil, evil, evil, evil) }}{{ forms.textarea('a', evil, evil) }}{{ forms.select('a', evil, [(evil, evil)], evil) }}"
        "{{ forms.reference('a', evil, [(evil, evil)], evil, options_url=evil) }}{{ forms.file('a', evil, evil, evil, picture=true) }}",
        "{{ forms.choices('a', evil, [(evil, evil)], evil) }}{{ forms.checkbox('a', evil, hint=evil) }}{{ forms.number('a', evil, evil, unit=evil, currency=evil) }}",
        "{{ records.table([{'label': evil, 'kind': 'main'}], [{'url': evil, 'cells': [evil]}], evil, [evil]) }}",
        "{{ records.cards([{'title': evil, 'text': evil, 'price': evil, 'chip': evil, 'url': evil, 'facts': [evil]}]) }}{{ records.gallery([{'title': evil}]) }}",
        "{{ records.board([{'value': evil, 'title': evil, 'cards': [{'id': evil, 'title': evil, 'person': evil}]}], move_url=evil) }}",
        "{{ records.chart('bar', [evil], [{'name': evil, 'values': [1]}], evil) }}{{ records.feed([{'person': evil, 'text': evil, 'title': evil}]) }}",
        "{{ content.hero(evil, evil, [(evil, evil)]) }}{{ content.features([{'title': evil, 'text': evil}], evil) }}{{ content.contact(evil, evil, evil, evil, evil, evil) }}",
        "{{ content.team([{'title': evil}]) }}{{ content.testimonials([{'text': evil, 'name': evil}]) }}{{ content.footer(evil, [{'title': evil, 'text': evil}]) }}",
    ],
)
def test_nothing_a_person_writes_becomes_markup(source: str) -> None:
    source = source if source.startswith("{% extends") else IMPORTS + source
    text = (
        environment()
        .from_string(source)
        .render(app=shell(flashes=(Flash(EVIL),)), evil=EVIL, title=EVIL, code=404, message=EVIL)
    )
    document = Document(text)
    assert not [attributes for attributes in document.of("script") if not attributes.get("src")]
    assert not [attributes for _, attributes in document.elements if "onload" in attributes]


def test_a_table_says_its_labels_and_skips_what_is_empty() -> None:
    text = part(
        "{{ records.table([{'label': 'Name', 'kind': 'main'}, {'label': 'Sum', 'kind': 'number'}], [{'url': '/1', 'cells': ['Ada', '']}]) }}"
    )
    assert 'data-label="Sum"' in text
    assert "cell-number cell-empty" in text
    assert '<a href="/1">Ada</a>' in text


def test_an_error_is_tied_to_its_field() -> None:
    field = Document(part("{{ forms.text('email', 'Email', error='Too short') }}")).of("input")[0]
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "f-email-help"


def test_macros_without_their_context_say_what_is_missing() -> None:
    with pytest.raises(LookupError, match="with context"):
        environment().from_string('{% import "ui.html" as ui %}{{ ui.avatar("Ada") }}').render(app=shell())


def test_many_pages_stand_at_the_side() -> None:
    links = tuple(Link(f"Page {number}", f"/{number}") for number in range(9))
    assert shell(nav=links).layout == "side"
    assert shell(nav=links[:4]).layout == "top"
    assert shell(nav=links, theme=Theme.of(layout="top")).layout == "top"
    assert "More" in environment().get_template("base.html").render(app=shell(nav=links, theme=Theme.of(layout="top")))


def test_every_style_has_its_stylesheet_and_every_alias_a_style() -> None:
    sheets = {style: asset(f"{style}.css").body for style in FONTS}
    assert len(set(sheets.values())) == 4
    assert set(STYLES.values()) == set(FONTS)
    for style, body in sheets.items():
        text = body.decode()
        assert text.count("{") == text.count("}"), style
        for name in re.findall(r'url\("([^"]+)"\)', text):
            assert name in names(), name
    with pytest.raises(ValueError, match="is not a style"):
        Theme.of(style="brutal")
    with pytest.raises(KeyError):
        asset("../assets.py")


def test_stylesheets_use_only_tokens_that_exist() -> None:
    theme = stylesheet(Theme.of())
    for style in FONTS:
        text = asset(f"{style}.css").body.decode() + theme
        defined = set(re.findall(r"(--[\w-]+)\s*:", text))
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined


def test_a_theme_follows_the_device_unless_dark_was_asked_for() -> None:
    assert Theme.of(background="ivory").mode is None
    assert Theme.of(background="black").mode == "dark"
    assert Theme.of(background="ivory", mode="dark").mode == "dark"
    text = stylesheet(Theme.of("teal", "ivory"))
    assert "--background: #fffff0" in text
    assert "prefers-color-scheme: dark" in text
    assert ":root[data-mode=dark]" in text


def test_templates_ask_only_for_icons_that_exist() -> None:
    templates = [*TEMPLATES.glob("*.html")]
    assert templates
    for template in templates:
        for name in re.findall(r'icon\("([a-z0-9-]+)"', template.read_text("utf-8")):
            assert name in icons(), f"{template.name}: {name}"
    for title in ("Safe and insured", "Free delivery", "Something else", "Home", "At home"):
        assert icon_for(title) in icons()


def test_what_is_vendored_is_small_and_names_no_other_place() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_500_000
    for path in files:
        if path.suffix in (".js", ".css"):
            assert "sourceMappingURL" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Done", "success"),
        ("Paid", "success"),
        ("Overdue", "danger"),
        ("Cancelled", "danger"),
        ("In review", "warning"),
        ("In progress", "info"),
        ("Not started", "neutral"),
        ("Payment received", "success"),
        ("", None),
    ],
)
def test_words_have_a_tone(word: str, meaning: str | None) -> None:
    assert tone(word) == meaning or meaning is None
