"""Lists and numbers: filters, order, charts, stats and comparisons over plain data."""

from datetime import date, datetime

import pytest

from espalier.blueprint.blocks.base import Sort
from espalier.runtime.errors import Invalid

from .conftest import me, titles

WORK = """
data:
  Task:
    title: text!
    level: Low | Mid | High
    hours: number
    price: money
    starts: datetime
    tags: tags
    done: bool
    helpers: [User]
    dear: bool = price > 10
access:
  Task: {read: anyone, write: user}
pages:
  Home:
    - stats:
        All: count(Task)
        Paid: sum(Task.price where month(starts) = month(today))
        Mean: avg(Task.hours)
        Money: avg(Task.price)
    - chart: bar Task by level
    - chart: line sum(Task.price) by month(starts)
    - chart: pie Task by starts
      series: tags
    - chart: bar latest(Task.hours) by level
    - chart: bar avg(Task.price) by dear
      series: level
"""


@pytest.fixture
def work(place):
    app = place(WORK)
    ann = app.person("Ann")
    for title, level, hours, price, starts, tags, done in (
        ("one", "Low", 1, 5, "2026-09-01 10:00", "a, b", True),
        ("Two", "High", 2.5, 20, "2026-11-02 10:00", "b", False),
        ("three", "High", None, None, "", "", False),
        ("four", "", 4, 7.25, "2026-11-30 23:00", "", True),
    ):
        given = {
            "title": title,
            "level": level,
            "hours": hours,
            "price": price,
            "starts": starts,
            "tags": tags,
            "done": done,
        }
        ann.create("Task", {**given, "helpers": [me(ann)] if done else []})
    return app, ann


def test_order(work):
    _, ann = work

    def by(*sort: Sort) -> list[str]:
        return titles(ann.query("Task", sort=sort))

    assert by(Sort("level")) == ["one", "Two", "three", "four"]  # as the choices stand, nothing last
    assert by(Sort("level", True)) == ["Two", "three", "one", "four"]
    assert by(Sort("title")) == ["four", "one", "three", "Two"]
    assert by(Sort("done"), Sort("hours", True)) == ["Two", "three", "four", "one"]
    assert by(Sort("created", True)) == ["one", "Two", "three", "four"]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("level", "High", ["Two", "three"]),
        ("level", "-", ["four"]),
        ("level", "Purple", []),
        ("done", "yes", ["one", "four"]),
        ("hours", "2..4", ["Two", "four"]),
        ("hours", "..2", ["one"]),
        ("price", "7.25", ["four"]),
        ("price", "5..10", ["one", "four"]),
        ("starts", "2026-11", ["Two", "four"]),
        ("starts", "2026-11-30", ["four"]),
        ("starts", "2026", ["one", "Two", "four"]),
        ("starts", "2026-09-01..2026-11-02", ["one", "Two"]),
        ("starts", "soon", []),
        ("tags", "b", ["one", "Two"]),
        ("tags", "-", ["three", "four"]),
        ("helpers", "1", ["one", "four"]),
        ("helpers", "-", ["Two", "three"]),
        ("helpers", "x", []),
        ("dear", "yes", ["Two"]),
        ("title", "TWO", ["Two"]),
    ],
)
def test_filters(work, path, text, found):
    _, ann = work
    assert titles(ann.query("Task", filters={path: [text]})) == found


def test_filters_of_one_path_are_either_and_of_several_both(work):
    _, ann = work
    assert titles(ann.query("Task", filters={"level": ["Low", "High"], "done": ["no", ""]})) == ["Two", "three"]
    with pytest.raises(Invalid):
        ann.query("Task", filters={"nonsense": ["1"]})


def test_pages_of_a_list(work):
    _, ann = work
    page = ann.query("Task", limit=2, offset=2)
    assert (titles(page), page.total) == (["three", "four"], 4)
    assert ann.query("Task", count=False).total is None


def test_values_of_a_filter_are_counted_without_it(work):
    _, ann = work
    assert [(one.value, one.count) for one in ann.choices("Task", "level", filters={"level": ["Low"]})] == [
        ("Low", 1),
        ("High", 2),
    ]
    assert [(one.label, one.count) for one in ann.choices("Task", "helpers")] == [("Ann", 2)]
    assert {one.value: one.count for one in ann.choices("Task", "tags")} == {"a": 1, "b": 2}


def test_stats_and_totals(work):
    app, ann = work
    stats = app.blueprint.page_list[0].blocks[0].of
    assert ann.value(stats["All"]) == 4 and float(ann.value(stats["Paid"])) == 27.25
    assert (ann.value(stats["Mean"]), str(ann.value(stats["Money"]))) == (2.5, "10.75")
    assert float(ann.value(stats["Paid"], at=datetime(2026, 9, 30))) == 5
    assert ann.value(stats["All"], at=datetime(2026, 9, 30)) == 0
    assert {path: float(sum) for path, sum in ann.totals("Task", ["hours", "price", "title"]).items()} == {
        "hours": 7.5,
        "price": 32.25,
    }


def test_charts(work):
    app, ann = work
    blocks = app.blueprint.page_list[0].blocks[1:]

    def drawn(block):
        return [
            (line.label, [(point.key, point.value) for point in line.points])
            for line in ann.series(block.of.what, block.of.by, series=block.series)
        ]

    assert drawn(blocks[0]) == [("", [("Low", 1), ("High", 2), (None, 1)])]
    months = [(date(2026, 9, 1), 5), (date(2026, 10, 1), 0), (date(2026, 11, 1), 27.25)]
    assert drawn(blocks[1]) == [("", months)]
    by_tag = dict(drawn(blocks[2]))
    assert by_tag["a"][0] == by_tag["b"][0] == (date(2026, 9, 1), 1)
    assert sum(value for _, value in by_tag["b"]) == 2
    assert drawn(blocks[3]) == [("", [("Low", 1), ("High", 2.5), (None, 4)])]
    assert (True, 20.0) in dict(drawn(blocks[4]))["High"]
