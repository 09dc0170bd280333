"""Pages answer, show something and lead on: what is broken is noticed, what is honest passes."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from espalier.check.use.starts import starts
from espalier.runtime import pages, seed
from espalier.runtime.blocks import cards
from espalier.runtime.blocks.frame import Frame
from tests.check.reading import SHOP, run, said, subject

NAMES = ("seed_planted", "pages_answer", "pages_show", "links_lead")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("thorough", [True, False])
def test_an_honest_app_passes(name, thorough):
    result = run(name, thorough=thorough)
    assert result.share == 1, said(result)
    assert result.looked_at >= 2


def test_a_page_that_fails(monkeypatch):
    def broken(*_args):
        raise ValueError

    monkeypatch.setattr(cards, "Layout", broken)
    assert "a block of the page failed" in said(run("pages_answer"))


def test_a_page_that_is_open_to_others(monkeypatch):
    monkeypatch.setattr(pages, "may_open", lambda visit, page: True)
    result = run("pages_answer")
    assert "the page is for keeper only" in said(result) and result.share < 0.2


def test_a_page_that_is_closed_to_its_own(monkeypatch):
    monkeypatch.setattr(pages, "may_open", lambda visit, page: page.name == "Home")
    assert "answers 403 instead of a page" in said(run("pages_answer"))


def test_a_seed_that_breaks_its_own_rules():
    text = SHOP.replace("    name: text!\n", "    name: text! unique\n").replace("- Orchard | Jar", "- Harbour | Jar")
    text = text.replace("    - Orchard | ada@example.com | 3 | | Back\n", "")
    result = run("seed_planted", text)
    assert "4 records are written, only 3 are there" in said(result) and 0.8 < result.share < 1


def test_an_empty_page_for_visitors():
    text = SHOP.replace("Candle: {read: anyone,", "Candle: {read: user,").replace(
        "    - hero: Slow light\n      button: Order -> Order\n", ""
    )
    result = run("pages_show", text.replace("    - search: Candle\n", ""))
    assert "visitors without an account" in said(result)


def test_a_page_of_records_that_they_may_not_read():
    text = SHOP.replace(
        "Order: {read: own or keeper, create: buyer, update: keeper", "Order: {read: own, create: buyer, update: own"
    )
    text = text[: text.index("    - stats:")] + text[text.index("    - board: Order") :]
    text = text[: text.index("    - leaderboard")] + text[text.index("seed:") :]
    assert "/desk as keeper: there is nothing on it for them" in said(run("pages_show", text))


def test_what_is_still_to_come_is_not_missing():
    assert run("pages_show", SHOP[: SHOP.index("  Order:\n    - Moonlight")]).share == 1


def added(monkeypatch, more):
    """Every block has this in it too."""
    real = Frame.draw
    monkeypatch.setattr(Frame, "draw", lambda *args, **rest: real(*args, **rest) + Markup(more))


def test_a_link_to_nowhere(monkeypatch):
    added(monkeypatch, '<a href="/candle/99">More</a>')
    assert "/candle/99, which answers 404" in said(run("links_lead"))


def test_a_link_within_the_page_to_nothing(monkeypatch):
    added(monkeypatch, '<a href="#away">More</a>')
    assert "#away, which is not on the page" in said(run("links_lead"))


def test_a_link_to_what_they_may_not_do(monkeypatch):
    added(monkeypatch, '<a href="/candle/1/edit">Edit</a>')
    assert "/candle/1/edit, which answers 403 to them" in said(run("links_lead"))


def test_an_app_that_does_not_start(monkeypatch):
    monkeypatch.setattr(seed._Seed, "_write", None)
    assert [finding.met for finding in starts(subject(SHOP))] == [False]


def test_data_is_put_back_again_and_again():
    """Counting the values of tags, too: SQLite's own `deserialize` ends the process there."""
    text = SHOP.replace("    recipe: long\n", "    recipe: long\n    scent: tags\n")
    made = subject(text.replace("of hemp\n", "of hemp | pine, moss\n").replace("sort: price", "filter: scent"))
    home, keeper = made.pages[0], made.cast.by_role["keeper"]
    for _ in range(4):
        assert made.visit(keeper, "DELETE", "/api/Candle/4").status in (204, 422)
        assert made.get(keeper, "/api/Candle?search=harbour").status == 200
        assert made.get(keeper, made.url(home)).status == 200
        made.restore()
        assert made.world_now().rows == made.world.rows
    made.close()
