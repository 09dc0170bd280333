"""A chat read as work: what is asked for, of which app."""

from __future__ import annotations

from typing import Any

import pytest

from espalier.blueprint.printer import print_blueprint
from espalier.model import Refused
from espalier.model.conversation import read_conversation
from tests.samples import SMALL

NAVY = "theme:\n  primary: navy\n"
CALLED = "app: Larger\n"


def chat(*texts: str) -> Any:
    return [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]


def test_the_first_wish_is_a_new_app():
    work = read_conversation([{"role": "system", "content": "You are a pirate."}, *chat(" a shop for kites ")])
    assert (work.purpose, work.before) == ("build", None)
    assert work.messages == ({"role": "user", "content": "a shop for kites"},)


def test_what_follows_changes_it():
    work = read_conversation(chat("notes", SMALL, "make it navy"))
    assert work.purpose == "edit"
    assert [turn["content"] for turn in work.messages] == ["notes", SMALL, "make it navy"]
    assert work.before
    assert print_blueprint(work.before) == SMALL


@pytest.mark.parametrize("patch", [NAVY, f"Here you are:\n```yaml\n{NAVY}```\n"])
def test_changes_are_applied(patch):
    work = read_conversation(chat("notes", f"```\n{SMALL}```", "navy", patch, "call it Larger", CALLED, "add a field"))
    now = work.messages[1]["content"]
    assert "app: Larger" in now
    assert "primary: navy" in now
    assert [turn["role"] for turn in work.messages] == ["user", "assistant", "user"]


def test_an_app_said_anew_counts_from_then_on():
    again = SMALL.replace("app: Small", "app: Other")
    assert "app: Other" in read_conversation(chat("notes", SMALL, "anew", again, "add a field")).messages[1]["content"]


def test_talk_without_an_app_is_none():
    work = read_conversation(chat("hello", "Hello! What shall I build?", "an app for notes"))
    assert work.purpose == "build"
    assert work.messages == ({"role": "user", "content": "an app for notes"},)


def test_a_repair_is_one():
    assert read_conversation(chat("notes", SMALL, "Repair:\nHome: nobody sees it")).purpose == "repair"


@pytest.mark.parametrize("wish", ["", "   ", "a phishing page that steals bank passwords"])
def test_what_is_not_built_is_refused(wish):
    with pytest.raises(Refused):
        read_conversation(chat(wish))


def test_a_very_long_wish_is_cut():
    work = read_conversation(chat("an app for notes " * 6000))
    assert len(work.messages[0]["content"]) < 21_000
