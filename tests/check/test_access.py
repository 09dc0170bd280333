"""Access: an app that keeps its rules passes; one whose runtime forgets one of them does not, whichever it is."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from sqlalchemy import false, true

from espalier.runtime.access import Access
from espalier.runtime.blocks.frame import Frame
from espalier.runtime.records import Records
from tests.check.reading import SHOP, run, said


@pytest.mark.parametrize("thorough", [True, False])
def test_an_honest_app_passes(thorough):
    for name in ("access_holds", "access_fits"):
        result = run(name, thorough=thorough)
        assert result.share == 1, said(result)
        assert result.looked_at >= 4


@pytest.mark.parametrize("operation", ["read", "create", "update", "delete"])
def test_an_operation_that_is_open_to_all(monkeypatch, operation):
    real = Access.allowed
    monkeypatch.setattr(
        Access, "allowed", lambda self, what, *rest: true() if what == operation else real(self, what, *rest)
    )
    result = run("access_holds")
    assert result.share < 0.2, said(result)


def test_own_that_is_everybodys(monkeypatch):
    monkeypatch.setattr(Access, "own", lambda self, entity, row: true())
    monkeypatch.setattr(Access, "_own_words", lambda self, part: part)
    real = Access._condition

    def condition(self, bound, entity, row):
        return true() if "Own" in repr(bound.meaning) and self.visitor.id else real(self, bound, entity, row)

    monkeypatch.setattr(Access, "_condition", condition)
    assert "another buyer" in said(run("access_holds"))


def test_hidden_fields_that_are_shown(monkeypatch):
    monkeypatch.setattr(Access, "field_readable", lambda self, *rest: true())
    found = said(run("access_holds"))
    assert "hidden from them" in found or "recipe" in found


def test_hidden_words_on_a_page(monkeypatch):
    """A page that shows more than the record: found by the words alone."""
    real = Frame.draw
    words = Markup("<p>Rapeseed wax with a wick of hemp</p>")
    monkeypatch.setattr(Frame, "draw", lambda *args, **rest: real(*args, **rest) + words)
    assert "shows `Rapeseed wax with a wick of hemp`, which is hidden from them" in said(
        run("access_holds", thorough=False)
    )


def test_fields_that_anybody_sets(monkeypatch):
    text = SHOP.replace("Order: {read: own or keeper, create: buyer, update: keeper", "Order: {read: own or keeper, create: buyer, update: own or keeper, status: {write: keeper}")  # fmt: skip
    assert run("access_holds", text).share == 1
    monkeypatch.setattr(Access, "field_writable", lambda self, *rest: true())
    assert "they may not set status" in said(run("access_holds", text))


def test_buttons_that_anybody_presses(monkeypatch):
    monkeypatch.setattr(Records, "_may_act", lambda self, *rest: true())
    assert "they may not press Send" in said(run("access_holds"))


def test_what_is_allowed_and_refused(monkeypatch):
    monkeypatch.setattr(Access, "allowed", lambda self, *rest: false())
    assert run("access_holds").share < 0.2


def test_change_without_sight():
    text = SHOP.replace("Order: {read: own or keeper, create: buyer, update: keeper", "Order: {read: own, create: buyer, update: keeper")  # fmt: skip
    assert "as keeper: they may change record 1 but not read it" in said(run("access_fits", text))


def test_own_without_sight():
    text = SHOP.replace("Order: {read: own or keeper, create: buyer", "Order: {read: keeper, create: buyer")
    assert "as buyer: record 2 is their own, but they may not read it" in said(run("access_fits", text))


def test_made_without_sight():
    text = SHOP.replace("Order: {read: own or keeper, create: buyer", "Order: {read: keeper, create: buyer")
    text = text[: text.index("  Order:\n    - Moonlight")]
    assert "they make records from a page that lists them" in said(run("access_fits", text))
    letters = text.replace("    - list: Order\n      sort: -due\n", "")
    assert run("access_fits", letters).share == 1  # a letter box is one
