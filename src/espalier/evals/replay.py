"""Recorded answers as an endpoint: `replay:FILE`. For answers that were made elsewhere, and for tests of all that is around a model.

Each line of the file is {"prompt": TEXT, "answer": TEXT}, for an edit {"request": TEXT, "answer": TEXT}, where prompt or request is what
is asked last; besides "tokens_in" and "tokens_out", where they are known. Several answers to the same question are
given one after the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from espalier.model.endpoint import Answer, Ask, Stream, whole
from espalier.model.errors import EndpointDown, ModelDamaged, ModelMissing

PIECE = 40  # characters of a streamed piece


class Replay:
    """An endpoint that gives the answers of a file. Raises ModelMissing and ModelDamaged."""

    trained = True  # it needs no card: its answers are there
    grammars = False
    line_ends_join = True
    context = 1_000_000

    def __init__(self, file: Path) -> None:
        self.name = f"replay:{file.name}"
        self._answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._given: dict[str, int] = defaultdict(int)
        try:
            lines = file.read_text("utf-8").split("\n")
        except OSError as error:
            raise ModelMissing(f"{file} cannot be read: {error.strerror}. It should hold recorded answers.") from None
        for at, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                said = json.loads(line)
                asked, answer = said.get("request") or said["prompt"], said["answer"]
            except (ValueError, KeyError, AttributeError, TypeError):
                raise ModelDamaged(
                    f'{file}, line {at} is no recorded answer: write {{"prompt": ..., "answer": ...}}'
                ) from None
            if not isinstance(asked, str) or not isinstance(answer, str):
                raise ModelDamaged(f"{file}, line {at}: prompt and answer are texts")
            self._answers[asked.strip()].append(said)

    def stream(self, ask: Ask) -> Stream:
        return Stream(self._parts(ask))

    async def _parts(self, ask: Ask) -> AsyncGenerator[str | Answer, None]:
        asked = ask.messages[-1]["content"].strip()
        known = self._answers.get(asked)
        if not known:
            raise EndpointDown(f"There is no recorded answer to: {asked[:80]}")
        said = known[self._given[asked] % len(known)]
        self._given[asked] += 1
        text = said["answer"].removeprefix(ask.begun)
        for at in range(0, len(text), PIECE):
            yield text[at : at + PIECE]
        tokens_in, tokens_out = int(said.get("tokens_in", 0)), int(said.get("tokens_out", 0))
        yield Answer(text, tokens_in=tokens_in, tokens_out=tokens_out, model=self.name)

    async def complete(self, ask: Ask) -> Answer:
        return await whole(self.stream(ask))

    async def close(self) -> None:
        pass
