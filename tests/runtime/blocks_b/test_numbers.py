"""Charts, stats, rankings and shares hold the numbers that the seed says, for each visitor over what they may read."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest

from espalier.runtime.access import ANYONE, Visitor
from espalier.runtime.blocks.chart import gathered, start_of, step
from espalier.runtime.records import Point, Series

from .place import AGENT, CLIENT, app_of, show, text

# Of the seed in place.py, worked out by hand: an agent reads six tickets, others five without prices.
SEEN = {"agent": 6, "others": 5}


def chart(page: str) -> dict[str, Any]:
    found = re.search(r"data-chart='([^']+)'", page)
    assert found
    data: dict[str, Any] = json.loads(html.unescape(found[1]))
    return data


def rows(page: str) -> dict[str, list[str]]:
    table = page.split('class="table-small"', 1)[1].split("</table>")[0]
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {label: re.findall(r"<td[^>]*>(.*?)</td>", cells) for label, cells in found}


@pytest.mark.parametrize(("who", "expected"), [(AGENT, [3, 1, 2]), (CLIENT, [2, 1, 2]), (ANYONE, [2, 1, 2])])
def test_a_chart_counts_what_the_visitor_may_read(who: Visitor, expected: list[int]) -> None:
    page = show(app_of("- chart: bar Ticket by status"), who=who)
    assert chart(page)["labels"] == ["Open", "Waiting", "Done"]
    assert chart(page)["series"][0]["values"] == expected
    assert rows(page) == {
        name: [str(number)] for name, number in zip(["Open", "Waiting", "Done"], expected, strict=True)
    }


def test_a_chart_over_a_hidden_field_is_empty() -> None:
    app = app_of("- chart: bar sum(Ticket.price) by status")
    assert chart(show(app, who=AGENT))["series"][0]["values"] == [5350.5, 40, 1009]
    assert "€5,350.50" in show(app, who=AGENT)
    page = show(app)
    assert "5,350" not in page and "1,009" not in page


def test_a_chart_over_time_is_filled_with_nothing() -> None:
    page = show(app_of("- chart: line Ticket by month(due)\n  where: due < today"))
    assert dict(zip(chart(page)["labels"], chart(page)["series"][0]["values"], strict=True)) == {
        "Oct 2026": 1,
        "Nov 2026": 1,
    }
    page = show(app_of("- chart: line Ticket by month(created)"))
    data = chart(page)
    assert data["labels"] == ["Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026"]
    assert data["series"][0]["values"] == [0, 0, 0, 0, 0, 5]


def test_days_between_are_filled() -> None:
    data = chart(show(app_of("- chart: bar Ticket by day(due)")))
    assert data["labels"][0] == "28 Oct 2026" and data["labels"][-1] == "6 Dec 2026" and len(data["labels"]) == 40
    assert sum(data["series"][0]["values"]) == 4 and data["series"][0]["values"][1] == 0


def test_an_average_is_not_filled_with_nothing() -> None:
    data = chart(show(app_of("- chart: line avg(Ticket.hours) by month(due)")))
    assert data["series"][0]["values"] == [8, 4, 3]


def test_series_and_target() -> None:
    data = chart(show(app_of("- chart: bar Ticket by desk\n  series: status\n  target: 2"), who=AGENT))
    named = {one["name"]: dict(zip(data["labels"], one["values"], strict=True)) for one in data["series"]}
    assert named["Open"]["North"] == 3 and named["Done"]["South"] == 1 and named["Done"]["Without desk"] == 1
    assert data["target"] == 2


def test_many_groups_end_in_others() -> None:
    points = [Point(at, f"n{at}", 20 - at) for at in range(20)]
    drawn = gathered([Series("", points)], 5, True)
    assert drawn.labels == ["n0", "n1", "n2", "n3", "Others"]
    assert drawn.series[0][1] == [20, 19, 18, 17, sum(range(1, 17))]
    assert gathered([Series("", points)], 5, False).labels == ["n0", "n1", "n2", "n3", "n4"]


@pytest.mark.parametrize(
    ("period", "start", "after"),
    [("week", date(2026, 11, 16), date(2026, 11, 23)), ("month", date(2026, 11, 1), date(2026, 12, 1)),
     ("quarter", date(2026, 10, 1), date(2027, 1, 1)), ("year", date(2026, 1, 1), date(2027, 1, 1)), ("day", date(2026, 11, 22), date(2026, 11, 23))],
)  # fmt: skip
def test_periods(period: str, start: date, after: date) -> None:
    assert start_of(period, date(2026, 11, 22)) == start
    assert step(period, start, 1) == after


def test_stats_count_what_the_visitor_may_read() -> None:
    app = app_of(
        "- stats:\n    All: count(Ticket)\n    Worth: sum(Ticket.price)\n    Hours: avg(Ticket.hours where status = Open)\n    Last: max(Ticket.due)"
    )
    assert "All 6 Worth €6,400 Hours 9.3 Last 6 Dec" in text(show(app, who=AGENT))
    assert "All 5 Worth €0 Hours 4 Last 6 Dec" in text(show(app))


def test_stats_compare_with_the_month_before() -> None:
    app = app_of(
        "- stats:\n    Due: count(Ticket where month(due) = month(today))\n    Late: count(Ticket where due < today)\n  compare: month"
    )
    with app.database.write() as connection:
        table = app.database.tables["Ticket"]
        connection.execute(table.update().values(created=date(2026, 1, 1)))
    page = text(show(app, who=AGENT))
    # In November 3 are due, in October 1; by today 3 are late, on 22 October none.
    assert "Due 3 2 more than last month" in page and "Late 3 3 more than last month" in page
    html_page = show(app, who=AGENT)
    assert html_page.count('data-tone="success"') >= 1 and html_page.count('data-tone="danger"') >= 1


def test_a_leaderboard_ranks_with_ties() -> None:
    page = show(app_of("- leaderboard: Ticket by hours"))
    ranks = re.findall(r'data-rank="(\d+)"', page)
    assert ranks == ["1", "2", "3", "3", "5"]
    assert re.findall(r"(Delta|Beta|Alpha|Gamma|Epsilon)</a>", page) == ["Delta", "Beta", "Alpha", "Gamma", "Epsilon"]
    assert "Secret" not in page
    assert re.findall(r'data-rank="(\d+)"', show(app_of("- leaderboard: Ticket by hours"), who=AGENT)) == [
        "1",
        "2",
        "3",
        "4",
        "4",
        "6",
    ]


def test_the_lowest_can_be_best() -> None:
    page = show(app_of("- leaderboard: Ticket by hours\n  best: lowest\n  limit: 2"))
    assert re.findall(r"(Delta|Beta|Alpha|Gamma|Epsilon)</a>", page) == ["Epsilon", "Alpha"]


def test_a_leaderboard_by_a_hidden_field_is_not_there() -> None:
    app = app_of("- leaderboard: Ticket by price")
    assert "Delta" in show(app, who=AGENT)
    assert "Delta" not in show(app)


def test_my_own_place_is_shown_further_down() -> None:
    data = "data:\n  User:\n    points: int\naccess:\n  User: {read: anyone}\n"
    people = "".join(f"    - P{at} | p{at}@example.com | | | {100 - at}\n" for at in range(15))
    app = app_of("- leaderboard: User by points", data=data, seed=f"seed:\n  User:\n{people}")
    page = show(app, who=Visitor(15, "P14", "p14@example.com", "user"))
    assert re.findall(r'data-rank="(\d+)"', page) == [*map(str, range(1, 11)), "15"]
    assert page.count("data-mine") == 1 and "data-mine" not in show(app)


def test_progress_against_a_target() -> None:
    page = show(app_of("- progress: Ticket by hours\n  target: 10"))
    assert 'value="8" max="10"' in page and "8 of 10" in page and 'value="1" max="10"' in page
    page = show(app_of("- progress: Ticket by price\n  target: hours"))
    assert "Delta" not in page


@pytest.mark.parametrize(("who", "words"), [(AGENT, "2 of 6 done"), (CLIENT, "2 of 5 done")])
def test_the_share_that_is_done(who: Visitor, words: str) -> None:
    assert words in text(show(app_of("- progress: Ticket by status"), who=who))


def test_the_share_of_yes() -> None:
    page = text(show(app_of("- progress: Ticket by urgent")))
    assert "1 of 5 done" in page and "20 %" in page
