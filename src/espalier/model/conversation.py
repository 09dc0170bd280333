"""A chat, as any program holds one, read as work for a model of ours: the first wish is a new app, what follows changes it.

The conversations that our models were trained on have one shape (prompt.py); a chat that grew has many turns. Its changes are applied
here, so that the model sees the app as it is now. What was said by a system is left out: a trained model knows its work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from espalier.blueprint import Blueprint
from espalier.blueprint.patch import apply, read_patch
from espalier.blueprint.printer import print_blueprint
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read_all
from espalier.check.rewards import FENCED, blueprint_in

from .call import Purpose
from .endpoint import Message
from .prompt import REPAIR, build_messages, edit_messages
from .refuse import screen, shorten


@dataclass(frozen=True)
class Work:
    """What is to be written. before: of a patch, the app that it changes."""

    purpose: Purpose
    messages: tuple[Message, ...]
    before: Blueprint | None = None


def read_conversation(turns: Sequence[Message]) -> Work:
    """The work that the last turn asks for. Raises Refused for what is not built."""
    wishes = [turn["content"] for turn in turns if turn["role"] == "user"]
    wish = wishes[-1] if wishes else ""
    screen(wish)
    wish, _ = shorten(wish.strip())
    before = _app_now(turns)
    if before is None:
        return Work("build", tuple(build_messages(wish)))
    messages = edit_messages(print_blueprint(before), wish, shorten(wishes[0].strip())[0])
    return Work("repair" if wish.startswith(REPAIR) else "edit", tuple(messages), before)


def _app_now(turns: Sequence[Message]) -> Blueprint | None:
    """The app that a chat has come to; None when there is none in it."""
    now: Blueprint | None = None
    for turn in turns:
        if turn["role"] != "assistant":
            continue
        if now is not None and (changed := _changed(now, turn["content"])):
            now = changed
        elif (found := read_all(blueprint_in(turn["content"])).blueprint) is not None:
            now = found
    return now


def _changed(app: Blueprint, answer: str) -> Blueprint | None:
    """The app after an answer that is a patch; None when it is none, or does not fit."""
    blocks = [found[2] for found in FENCED.finditer(answer)]
    try:
        return apply(app, read_patch(blocks[-1] if blocks else answer))
    except (BlueprintError, ValueError, RecursionError):
        return None
