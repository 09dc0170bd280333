"""What pages tell is what the data says: each way to tell something wrong is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from espalier.blueprint import read
from espalier.check.subject import Subject
from espalier.check.use.told import number_in, says_number
from espalier.runtime.blocks.table import Table
from espalier.runtime.records import Records
from espalier.runtime.records.record import Found
from tests.check.reading import SHOP, run, said

NAMES = ("lists_tell", "stats_count", "charts_count", "boards_show", "search_finds")


@pytest.mark.parametrize("name", NAMES)
def test_an_honest_app_passes(name):
    result = run(name)
    assert result.share == 1, said(result)
    assert result.looked_at >= 2


def answered(monkeypatch, change):
    real = Records.query
    monkeypatch.setattr(Records, "query", lambda self, *args, **more: change(real(self, *args, **more)))


def test_records_that_are_left_out(monkeypatch):
    answered(monkeypatch, lambda found: Found(found.records[1:], (found.total or 1) - 1))
    for name in ("lists_tell", "boards_show"):
        assert run(name).share < 1


def test_records_in_another_order(monkeypatch):
    answered(monkeypatch, lambda found: Found(list(reversed(found.records)), found.total))
    assert "should be the 1." in said(run("lists_tell"))
    assert "ranks" in said(run("boards_show"))


def test_a_condition_that_is_forgotten(monkeypatch):
    text = SHOP.replace("    - list: Order\n", "    - list: Order\n      where: status = New\n")
    assert run("lists_tell", text).share == 1
    real = Records.query
    monkeypatch.setattr(Records, "query", lambda self, *args, **more: real(self, *args, **{**more, "where": None}))
    assert "does not belong there" in said(run("lists_tell", text))


def test_filters_and_orders_that_a_person_asks_for(monkeypatch):
    real = Records.query
    monkeypatch.setattr(Records, "query", lambda self, *args, **more: real(self, *args, **{**more, "filters": {}}))
    assert "?b4.status=Sent as keeper: shows Order 1, which was not asked for" in said(run("lists_tell"))
    monkeypatch.setattr(Records, "query", real)
    monkeypatch.setattr(Table, "sort_given", "")
    assert "?b4-sort=-candle as keeper: sorted by -candle" in said(run("lists_tell"))


def test_counts_of_a_filter(monkeypatch):
    real = Records.choices
    monkeypatch.setattr(Records, "choices", lambda *args, **more: real(*args, **more)[1:])
    assert "filter status: counts" in said(run("lists_tell"))


def test_totals_at_the_foot(monkeypatch):
    monkeypatch.setattr(Table, "_sums", lambda self: {"amount": 17, "total": Decimal("1.00")})
    assert "total amount: says '17'" in said(run("lists_tell"))


def test_a_filter_without_a_choice():
    text = SHOP.replace("| Sent\n", "| New\n").replace(
        "| Back\n", "| New\n    - Needle | ada@example.com | 5 | today\n"
    )
    assert "all 5 records have the same status" in said(run("lists_tell", text))


def test_an_order_by_nothing():
    text = SHOP.replace(" | +1 day |", " | |").replace(" | +3 days |", " | |").replace(" | -2 days |", " | |")
    assert "no record has a due to be sorted by" in said(run("lists_tell", text))


def test_a_condition_that_cannot_be():
    text = SHOP.replace("      sort: -due\n", "      where: status = New and status = Sent\n", 1)
    assert "can never be true: status is New and Sent at once" in said(run("lists_tell", text))


def test_numbers(monkeypatch):
    real = Records.value
    monkeypatch.setattr(Records, "value", lambda self, *args, **more: real(self, *args, **more) * 2)
    found = said(run("stats_count"))
    assert "New: says '4', the data says 2" in found and "Sold" in found


def test_a_sum_over_what_nobody_has():
    text = SHOP.replace("Sold: sum(Order.total)", "Sold: sum(Candle.stock)")
    for price, stock in (("12", "30"), ("18.50", "12"), ("16", "7"), ("3", "40")):
        text = text.replace(f"| {price} | {stock} |", f"| {price} | |", 1)
    assert "adds up what no record has" in said(run("stats_count", text))


def test_numbers_that_are_all_nothing():
    text = SHOP.replace("New: count(Order where status = New)", "Many: count(Order where amount > 99)")
    text = text.replace("Sold: sum(Order.total)", "Dear: count(Candle where price > 99)")
    assert "every number is nothing" in said(run("stats_count", text))


def test_charts(monkeypatch):
    real = Records.series

    def wrong(self, *args, **more):
        found = real(self, *args, **more)
        for line in found:
            del line.points[0]
        return found

    monkeypatch.setattr(Records, "series", wrong)
    assert "the data says" in said(run("charts_count"))


def test_charts_of_nothing_and_of_one_thing():
    none = SHOP.replace("by candle.kind\n", "by candle.kind\n      where: amount > 100\n")
    assert "nothing to draw" in said(run("charts_count", none))
    one = SHOP.replace("bar sum(Order.amount) by candle.kind", "bar Candle by cost")
    assert run("charts_count", one).share == 1
    same = SHOP.replace("bar sum(Order.amount) by candle.kind", "bar Order by amount > 0")
    assert "all 4 records are in one group" in said(run("charts_count", same))


def test_boards(monkeypatch):
    from espalier.runtime.blocks import board

    monkeypatch.setattr(board, "value_text", lambda value: "New")
    assert "column" in said(run("boards_show"))


def test_calendars(monkeypatch):
    from datetime import timedelta

    from espalier.runtime.blocks import calendar

    monkeypatch.setattr(calendar, "_day", lambda value: value + timedelta(days=1))
    assert "the data says" in said(run("boards_show"))


def test_searches(monkeypatch):
    real = Records._search
    monkeypatch.setattr(Records, "_search", lambda self, rows, search: ~real(self, rows, search))
    assert "does not find" in said(run("search_finds"))
    monkeypatch.setattr(
        Records, "_search", lambda self, rows, search: self._found(rows.entity, search, ["name", "recipe", "status"])
    )
    found = said(run("search_finds"))
    assert "they may not see the word in it" in found


def test_numbers_in_words():
    assert number_in("€1,250.50 in all") == (1250.5, 2)
    assert number_in("-£12.00") == (-12, 2)
    assert number_in("none") is None
    assert says_number("3.3", 3.28) and not says_number("3.3", 3.4)


def test_what_a_person_sees_is_what_counts():
    """A buyer's numbers are over their own orders; the world says the same as the page."""
    made = Subject(read(SHOP.replace("  Desk (keeper):", "  Desk:")), thorough=True)
    stats = made.pages[2].blocks[0]
    by_role = {
        made.cast.named(who): [made.world.of(who).page_value(one) for one in stats.of.values()]
        for who in made.cast.everybody
    }
    assert by_role["anyone"] == [0, 0] and by_role["buyer"] == [1, 1850 + 3600] and by_role["keeper"][0] == 2
    made.close()
