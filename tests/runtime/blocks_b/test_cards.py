"""Cards and galleries: facts, filters, paging, and nothing that a visitor may not see."""

from __future__ import annotations

import re

import pytest

from espalier.runtime.blocks.contact import hours_table
from espalier.runtime.blocks.gallery import sizes
from espalier.runtime.blocks.pricing import plan

from .place import AGENT, app_of, show, text


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"><a [^>]*>(.*?)</a>', page)


def test_cards_show_what_the_visitor_may_read() -> None:
    app = app_of("- cards: Ticket")
    assert titles(show(app)) == ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"] and "€" not in show(app)
    page = show(app, who=AGENT)
    assert "Secret" in titles(page) and "€250.50" in page and "€100<" in page


def test_a_filter_narrows_and_counts_what_is_readable() -> None:
    app = app_of("- cards: Ticket\n  filter: [status, desk]")
    page = show(app)
    assert ">Open (2)</option>" in page and ">Open (3)</option>" in show(app, who=AGENT)
    page = show(app, "/?b0.status=Open&b0.desk=1")
    assert titles(page) == ["Alpha", "Beta"] and "selected>Open" in page
    assert "Nothing fits" in show(app, "/?b0.status=Waiting&b0.desk=1")


def test_a_hidden_field_is_no_filter() -> None:
    app = app_of("- cards: Ticket\n  filter: [price]")
    assert "b0.price" in show(app, who=AGENT)
    assert 'name="b0.price' not in show(app)


def test_other_blocks_keep_their_state() -> None:
    app = app_of("- cards: Ticket\n  filter: [status]", "- gallery: Ticket\n  filter: [status]")
    page = show(app, "/?b1.status=Done")
    assert titles(page) == ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    assert '<input type="hidden" name="b1.status" value="Done">' in page


def test_more_are_shown_when_asked() -> None:
    rows = "".join(f"    - T{at:02}\n" for at in range(30))
    app = app_of("- cards: Ticket", seed=f"seed:\n  Ticket:\n{rows}")
    page = show(app)
    assert len(titles(page)) == 12 and "b0-more=24" in page and 'type="search"' in page
    assert len(titles(show(app, "/?b0-more=36"))) == 30 and len(titles(show(app, "/?b0-more=-5"))) == 12
    assert titles(show(app, "/?b0-q=T07")) == ["T07"]


def test_a_limit_is_the_most() -> None:
    rows = "".join(f"    - T{at:02}\n" for at in range(30))
    app = app_of("- cards: Ticket\n  limit: 3", seed=f"seed:\n  Ticket:\n{rows}")
    assert len(titles(show(app))) == 3 and len(titles(show(app, "/?b0-more=24"))) == 3


@pytest.mark.parametrize("count", range(1, 41))
def test_a_wall_has_full_rows(count: int) -> None:
    found = sizes(count)
    assert len(found) == count
    area = {"big": 4, "big-right": 4, "wide": 2, "half": 2, "full": 4, "": 1}
    assert sum(area[one] for one in found) % 4 == 0


@pytest.mark.parametrize(
    ("text_of", "price", "per", "points"),
    [
        ("9 a month, unlimited invoices", "9", "a month", []),
        (
            "£480 a year, every job you have, and a name on the letter",
            "£480",
            "a year",
            ["Every job you have", "A name on the letter"],
        ),
        ("18 zł, and you may wind one thing", "18 zł", "", []),
        ("Free with a screwdriver in your pocket. We will ask to see it.", "Free", "", []),
        ("from €12.50 per person", "From €12.50", "per person", []),
        ("Three days in the hills", "", "", []),
    ],
)
def test_prices_are_taken_apart(text_of: str, price: str, per: str, points: list[str]) -> None:
    item = plan("Plan", text_of)
    assert (item.price, item.per, item.points) == (price, per, points)


@pytest.mark.parametrize(
    ("text_of", "rows"),
    [
        ("Mon to Fri, 9 to 17", [("Mon to Fri", "9 to 17")]),
        ("Tuesday to Saturday 9 to 6, Thursday until 8", [("Tuesday to Saturday", "9 to 6"), ("Thursday", "until 8")]),
        ("Monday to Thursday 8.30 to 6, Friday on site", [("Monday to Thursday", "8.30 to 6"), ("Friday", "on site")]),
        ("Mon-Fri 9:00-17:00; Sat 10:00-14:00", [("Mon-Fri", "9:00-17:00"), ("Sat", "10:00-14:00")]),
        ("Monday to Saturday 9 to 5.30, or whenever the light is on", []),
        ("Ring first", []),
    ],
)
def test_hours_are_read_when_they_can_be(text_of: str, rows: list[tuple[str, str]]) -> None:
    assert hours_table(text_of) == rows


def test_links_lead_only_where_links_may() -> None:
    page = show(
        app_of("- links:\n    Shop: https://example.com/shop\n    Site: example.com\n    Bad: javascript:alert(1).x")
    )
    assert (
        'href="https://example.com/shop"' in page
        and 'href="https://example.com"' in page
        and 'href="javascript:' not in page
    )


def test_a_film_site_is_a_link_and_a_file_is_played() -> None:
    page = show(app_of("- video: https://www.youtube.com/watch?v=abc"))
    assert "<iframe" not in page and "Watch on youtube.com" in text(page)
    app = app_of("- video: https://media.example.com/tour.mp4")
    assert '<video class="embed"' in show(app)


def test_the_footer_takes_the_place_of_the_plain_one() -> None:
    assert '<footer class="footer">' not in show(app_of("- footer: Goodbye")) and '<footer class="footer">' in show(
        app_of("- text: Hi")
    )


@pytest.mark.parametrize(("limit", "columns"), [(2, "of-2"), (3, "of-3"), (4, "")])
def test_few_cards_fill_their_row(limit: int, columns: str) -> None:
    page = show(app_of(f"- cards: Ticket\n  limit: {limit}"))
    found = re.search(r'<ul class="cards([^"]*)"', page)
    assert found and (re.findall(r"of-\d", found[1]) or [""]) == [columns]
