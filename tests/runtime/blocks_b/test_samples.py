"""Every looking block is drawn from its own sample, escapes hostile words, and keeps to the policy of the page."""

from __future__ import annotations

import re

import pytest

from espalier.blueprint.blocks import KINDS

from .place import ADMIN, app_of, main, show, text

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
CONTENT = ("hero", "text", "features", "steps", "pricing", "testimonials", "faq", "team", "links", "contact", "banner", "image",
           "video", "newsletter", "footer", "button", "custom")  # fmt: skip
LINES = ("features", "steps", "pricing", "testimonials", "faq", "team")


@pytest.mark.parametrize("kind", CONTENT)
def test_the_sample_of_a_content_block_is_drawn(kind: str) -> None:
    sample = KINDS[kind].sample.replace("-> Book", "-> Home").replace("-> Tickets", "-> Home")
    page = show(app_of(sample))
    said = next(
        value
        for value in re.findall(r"^- \w+: (.+)$|^  (?:  )?([A-Z][^:\n]+)", KINDS[kind].sample, re.M)
        for value in value
        if value
    )
    assert said.split(" -> ")[0].split(". ")[0][:12] in (page if kind == "footer" else text(page)) or kind == "video"


@pytest.mark.parametrize(
    "kind", [one for one in CONTENT if one not in (*LINES, "links", "custom", "button", "contact")]
)
def test_words_of_the_author_are_escaped(kind: str) -> None:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    page = main(show(app_of(f"- {kind}: {quoted}\n  title: {quoted}")))
    assert "<script>alert" not in page and "<img src=x" not in page


@pytest.mark.parametrize("kind", LINES)
def test_lines_are_escaped(kind: str) -> None:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    page = main(show(app_of(f"- {kind}:\n    {quoted}: {quoted}\n  text: {quoted}")))
    assert "<script>alert" not in page and "<img src=x" not in page


DATA_BLOCKS = [
    "- cards: Ticket", "- cards: Ticket\n  carousel: true", "- gallery: Ticket", "- gallery: Ticket\n  carousel: true",
    "- board: Ticket by status", "- board: Ticket by desk", "- board: Ticket by urgent", "- calendar: Ticket by due\n  until: until",
    "- timeline: Ticket by due", "- leaderboard: Ticket by hours", "- progress: Ticket by hours\n  target: 10", "- progress: Ticket by status",
    "- chart: bar Ticket by title", "- chart: donut Ticket by desk\n  series: status", "- cards: User",
]  # fmt: skip


@pytest.mark.parametrize("block", DATA_BLOCKS)
def test_values_of_records_are_escaped(block: str) -> None:
    app = app_of(block)
    with app.database.write() as connection:
        table = app.database.tables["Ticket"]
        connection.execute(table.update().where(table.c.id == 1).values(title=HOSTILE))
        desks = app.database.tables["Desk"]
        connection.execute(
            desks.update().where(desks.c.id == 1).values(name=HOSTILE, shade='red"><script>alert(1)</script>')
        )
        people = app.database.tables["User"]
        connection.execute(people.update().where(people.c.id == 1).values(name=HOSTILE))
    page = main(show(app, who=ADMIN))
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "alert(1)" in page or block == "- progress: Ticket by status"  # it is there, as words


@pytest.mark.parametrize("block", [*DATA_BLOCKS, "- stats:\n    Open: count(Ticket)"])
def test_nothing_is_inline(block: str) -> None:
    page = main(show(app_of(block), who=ADMIN))
    assert " style=" not in page and " onclick" not in page and not re.search(r"<script(?![^>]* src=)", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("block", DATA_BLOCKS)
def test_an_empty_app_has_words_for_it(block: str) -> None:
    page = text(show(app_of(block, seed=""), who=ADMIN))
    assert re.search(r"No .+ yet|Nothing|no numbers", page)


def test_two_blocks_of_one_name_have_their_own_anchors() -> None:
    page = show(app_of("- cards: Ticket", "- cards: Ticket"))
    assert 'id="ticket"' in page and 'id="ticket-1"' in page


def test_a_button_leads_to_a_block_of_the_page() -> None:
    page = show(app_of("- hero: Hello\n  button: See them -> All tickets", "- cards: Ticket\n  title: All tickets"))
    assert 'href="#all-tickets"' in page and 'id="all-tickets"' in page


def test_if_hides_a_block() -> None:
    app = app_of("- banner: For agents\n  if: agent", "- text: For all")
    assert "For agents" in show(app, who=ADMIN) and "For agents" not in show(app)


def test_every_page_of_the_gallery_is_drawn() -> None:
    """Each app of the gallery, each page: no block fails, no page breaks the policy, each has one main heading."""
    from espalier.blueprint import read
    from espalier.runtime.app import App
    from tests.samples import GALLERY

    for path in GALLERY:
        app = App(read(path.read_text()))
        for page in app.blueprint.page_list:
            if page.each:
                continue
            drawn = show(app, "/" if page is app.blueprint.page_list[0] else f"/{page.slug}", who=ADMIN)
            assert drawn.count("<h1") == 1, (path.stem, page.name)
            assert " style=" not in main(drawn), (path.stem, page.name)
        app.close()
