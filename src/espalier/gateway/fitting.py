"""The same question in the shape that each model needs: one of ours was trained on the bare prompt, a generalist is told the language;
not every server holds an answer to a grammar, and one that does not may wrap it in a fence."""

from __future__ import annotations

import re
from dataclasses import replace

from espalier.model.call import Purpose
from espalier.model.endpoint import Ask, Endpoint
from espalier.model.prompt import with_card

BLUEPRINTS: tuple[Purpose, ...] = ("build", "edit", "repair")  # whose answers are in our language
APP = re.compile(r"(?m)^app[ \t]*:")
KEY = re.compile(r"(?m)^[a-z_]+[ \t]*:(?=\s)")
FENCE = re.compile(r"(?m)^[ \t]*(```|~~~)")


def fit(ask: Ask, endpoint: Endpoint, purpose: Purpose) -> Ask:
    """A question as this endpoint should be asked it."""
    messages = list(ask.messages)
    if purpose in BLUEPRINTS:
        told = any(turn["role"] == "system" for turn in messages)
        if endpoint.trained and told:
            messages = [turn for turn in messages if turn["role"] != "system"]
        elif not endpoint.trained and not told:
            messages = with_card(messages)
    return replace(ask, messages=messages, grammar=ask.grammar if endpoint.grammars else "")


class Unwrapped:
    """Takes off what is said around a blueprint or a patch: words before it, a fence. Line by line, as it comes."""

    def __init__(self, purpose: Purpose) -> None:
        self._start = APP if purpose == "build" else KEY
        self._held = ""  # what may still turn out to be something else
        self._begun = self._over = False

    def feed(self, piece: str) -> str:
        """What can be given on, now that this piece is there."""
        if self._over:
            return ""
        self._held += piece
        if not self._begun:
            found = self._start.search(self._held)
            if not found:
                return ""
            self._begun, self._held = True, self._held[found.start() :]
        cut = self._held.rfind("\n") + 1
        ready, self._held = self._held[:cut], self._held[cut:]
        if fence := FENCE.search(ready):
            self._over = True
            return ready[: fence.start()]
        return ready

    def end(self) -> str:
        """The rest. When no blueprint was in it, all of it, so that it can be seen what was said."""
        if self._over or (self._begun and FENCE.match(self._held)):
            return ""
        return self._held
