"""Calendars and timelines: the edges of months, spans, what has no date, adding on a day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from espalier.runtime.blocks.calendar import later, month_of, weeks_of

from .place import AGENT, CLIENT, app_of, show, text

CALENDAR = "- calendar: Ticket by due\n  until: until"


def days(page: str) -> dict[str, list[str]]:
    """Titles by day of the month grid."""
    grid = page.split('<table class="calendar">')[1].split("</table>")[0]
    found = re.findall(r'datetime="([\d-]+)">(.*?)</td>', grid, re.S)
    return {
        day: re.findall(r"<a class=\"calendar-event\"[^>]*>(?:<span[^>]*>[^<]*</span> )?([^<]+)", cell)
        for day, cell in found
    }


def test_records_stand_on_their_days() -> None:
    found = days(show(app_of(CALENDAR)))
    assert next(iter(found)) == "2026-10-26" and list(found)[-1] == "2026-12-06" and len(found) == 42
    assert found["2026-11-30"] == ["Beta"] and found["2026-12-06"] == ["Gamma"]
    assert [day for day, titles in found.items() if "Alpha" in titles] == [
        "2026-11-02",
        "2026-11-03",
        "2026-11-04",
        "2026-11-05",
    ]
    assert "Secret" not in str(found)


def test_a_span_from_the_month_before_is_there() -> None:
    found = days(show(app_of(CALENDAR), "/?b0-month=2026-11"))
    assert [day for day, titles in found.items() if "Delta" in titles] == [
        f"2026-10-{at}" for at in (28, 29, 30, 31)
    ] + ["2026-11-01", "2026-11-02", "2026-11-03"]


def test_a_span_that_began_before_the_first_square() -> None:
    app = app_of(CALENDAR)
    with app.database.write() as connection:
        table = app.database.tables["Ticket"]
        connection.execute(table.update().where(table.c.id == 4).values(due=date(2026, 9, 1), until=date(2027, 2, 1)))
    assert all("Delta" in titles for titles in days(show(app)).values())


def test_months_by_address() -> None:
    app = app_of(CALENDAR)
    page = show(app)
    assert "November 2026" in page and "b0-month=2026-10" in page and "b0-month=2026-12" in page
    page = show(app, "/?b0-month=2026-12")
    assert "December 2026" in page and "b0-month=2027-01" in page and days(page)["2026-12-06"] == ["Gamma"]
    for nonsense in ("2026-13", "x", "0000-01", "99999-01", "2026-11-01'"):
        assert "November 2026" in show(app, f"/?b0-month={nonsense}")


def test_an_empty_month_leads_to_the_next_full_one() -> None:
    page = show(app_of(CALENDAR), "/?b0-month=2027-03")
    assert "Nothing in March 2027" in page and "Go to December 2026" in page


def test_what_has_no_date_is_listed() -> None:
    assert re.search(r"Without a date.*Epsilon", show(app_of(CALENDAR)), re.S)


def test_adding_on_a_day_is_for_those_who_may() -> None:
    app = app_of(CALENDAR)
    assert "/ticket/new?due=2026-11-22" in show(app, who=AGENT)
    assert "/ticket/new" not in show(app, who=CLIENT) and "/ticket/new" not in show(app)


def test_weeks_begin_on_monday() -> None:
    weeks = weeks_of(date(2026, 2, 1))
    assert weeks[0][0] == date(2026, 1, 26) and weeks[-1][-1] == date(2026, 3, 1)
    assert len(weeks_of(date(2027, 2, 1))) == 4  # a February of four whole weeks
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)


@pytest.mark.parametrize(
    ("text_of", "month"), [("2026-01", date(2026, 1, 1)), ("", date(2026, 11, 1)), ("2026-00", date(2026, 11, 1))]
)
def test_the_month_of_an_address(text_of: str, month: date) -> None:
    assert month_of(text_of, date(2026, 11, 22)) == month


def test_months_later() -> None:
    assert later(date(2026, 12, 1), 1) == date(2027, 1, 1) and later(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_a_timeline_is_grouped_and_ordered() -> None:
    page = text(show(app_of("- timeline: Ticket by due")))
    titles = list(re.findall(r"Alpha|Beta|Gamma|Delta|Epsilon", page))
    assert titles == ["Gamma", "Beta", "Alpha", "Delta", "Epsilon"]
    assert (
        page.index("December 2026") < page.index("November 2026") < page.index("October 2026") < page.index("No date")
    )
    assert "Secret" not in page


def test_a_timeline_shows_more_when_asked() -> None:
    rows = "".join(f"    - T{at:02} | Open | | | 2026-11-{at % 28 + 1:02}\n" for at in range(30))
    app = app_of("- timeline: Ticket by due", seed=f"seed:\n  Ticket:\n{rows}")
    page = show(app)
    assert page.count('class="timeline-item"') == 20 or page.count("timeline-item") == 20
    assert "b0-more=40" in page and show(app, "/?b0-more=40").count("timeline-item") == 30
