"""Boards: columns, who may move what, and what happens when it is refused."""

from __future__ import annotations

import re

import pytest

from espalier.runtime.access import ANYONE, Visitor

from .place import ADMIN, AGENT, CLIENT, DATA, SEED, app_of, post, show

BOARD = "- board: Ticket by status"
FROM_SCRIPT = {"hx-request": "true"}


def columns(page: str) -> dict[str, list[str]]:
    """Each column's cards by title."""
    found = re.findall(r'<div class="column-cards" data-value="([^"]*)"[^>]*>(.*?)</section>', page, re.S)
    return {value: re.findall(r'class="ticket-title"><a [^>]*>(.*?)</a>', cards) for value, cards in found}


def test_columns_hold_what_the_visitor_may_read() -> None:
    app = app_of(BOARD)
    assert columns(show(app)) == {"Open": ["Alpha", "Beta"], "Waiting": ["Gamma"], "Done": ["Delta", "Epsilon"]}
    assert columns(show(app, who=AGENT))["Open"] == ["Alpha", "Beta", "Secret"]
    assert re.findall(r"data-count>(\d+)<", show(app, who=AGENT)) == ["3", "1", "2"]


def test_columns_by_reference_and_by_yes_or_no() -> None:
    assert columns(show(app_of("- board: Ticket by desk"))) == {
        "": ["Epsilon"],
        "1": ["Alpha", "Beta"],
        "2": ["Gamma", "Delta"],
    }
    assert columns(show(app_of("- board: Ticket by urgent")))["true"] == ["Alpha"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [("status != Done", ["Open", "Waiting"]), ("status in [Open, Done]", ["Open", "Done"]), ("status = Open or status = Done", ["Open", "Done"]),
     ("not (status = Open)", ["Waiting", "Done"]), ("status != Done and hours > 0", ["Open", "Waiting"]), ("hours > 0", ["Open", "Waiting", "Done"])],
)  # fmt: skip
def test_columns_that_can_never_hold_a_card_are_left_out(where: str, expected: list[str]) -> None:
    assert list(columns(show(app_of(f"{BOARD}\n  where: {where}")))) == expected


@pytest.mark.parametrize(("who", "movable"), [(ANYONE, 0), (CLIENT, 0), (AGENT, 6), (ADMIN, 6)])
def test_only_who_may_change_a_card_can_move_it(who: Visitor, movable: int) -> None:
    page = show(app_of(BOARD), who=who)
    assert page.count("data-movable") == movable == page.count('class="ticket-turns"')


def test_a_field_that_nobody_sets_is_not_dragged() -> None:
    app = app_of("- board: Ticket by urgent")
    assert "data-movable" not in show(app, who=AGENT)
    assert post(app, "/ticket/2/move/urgent", {"urgent": "true"}, AGENT, headers=FROM_SCRIPT).status_code in (403, 422)
    assert columns(show(app))["true"] == ["Alpha"]


@pytest.mark.parametrize(
    ("who", "status", "moved"), [(AGENT, 204, True), (ADMIN, 204, True), (CLIENT, 403, False), (ANYONE, 403, False)]
)
def test_moving_by_script(who: Visitor, status: int, moved: bool) -> None:
    app = app_of(BOARD)
    answer = post(app, "/ticket/1/move/status", {"status": "Done"}, who, headers=FROM_SCRIPT)
    assert answer.status_code == status
    assert ("Alpha" in columns(show(app))["Done"]) is moved
    if not moved:
        assert 0 < len(answer.body) < 300 and not answer.body.startswith(b"<")


def test_moving_without_scripts_comes_back_to_the_board() -> None:
    app = app_of(BOARD)
    assert re.search(r'class="ticket-turns" method="post" action="/ticket/3/move/status"', show(app, who=AGENT))
    answer = post(app, "/ticket/3/move/status", {"status": "Open", "next": "/?b0-status=Open"}, AGENT)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/")
    assert "Gamma" in columns(show(app))["Open"]


def test_a_refused_rule_says_its_words() -> None:
    data = DATA.replace(
        "    likes: marks\n", '    likes: marks\n    rules:\n      Beta stays open: status = Open or title != "Beta"\n'
    )
    app = app_of(BOARD, data=data)
    answer = post(app, "/ticket/2/move/status", {"status": "Done"}, AGENT, headers=FROM_SCRIPT)
    assert answer.status_code == 422 and b"Beta stays open" in answer.body
    assert "Beta" in columns(show(app))["Open"]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [("/ticket/1/move/status", {"status": "Nonsense"}, 422), ("/ticket/1/move/title", {"title": "X"}, 404), ("/ticket/1/move/status", {}, 404),
     ("/ticket/99/move/status", {"status": "Done"}, 404), ("/nothing/1/move/status", {"status": "Done"}, 404)],
)  # fmt: skip
def test_moves_that_mean_nothing(path: str, form: dict[str, str], status: int) -> None:
    app = app_of(BOARD)
    assert post(app, path, form, AGENT, headers=FROM_SCRIPT).status_code == status
    assert columns(show(app))["Open"] == ["Alpha", "Beta"]


def test_a_hidden_card_is_not_there_to_be_moved() -> None:
    app = app_of(BOARD, data=DATA.replace("update: agent, price", "update: agent or client, price"))
    assert post(app, "/ticket/6/move/status", {"status": "Done"}, CLIENT, headers=FROM_SCRIPT).status_code == 404
    assert post(app, "/ticket/1/move/status", {"status": "Done"}, CLIENT, headers=FROM_SCRIPT).status_code == 204


def test_a_move_without_the_token_is_refused() -> None:
    from espalier.runtime.visit import Visit

    app = app_of(BOARD)
    assert (
        app.respond(Visit(app, "POST", "/ticket/1/move/status", form={"status": "Done"}, visitor=AGENT)).status_code
        == 403
    )


def test_the_unset_column_takes_a_value_away() -> None:
    app = app_of("- board: Ticket by desk", seed=SEED)
    assert post(app, "/ticket/1/move/desk", {"desk": ""}, AGENT, headers=FROM_SCRIPT).status_code == 204
    assert columns(show(app))[""] == ["Alpha", "Epsilon"]


def test_an_empty_column_says_so() -> None:
    assert "Nothing here" in show(app_of(BOARD))
