"""An endpoint that is several: the models of a route, asked in turn until one answers.

The first that is not just back from a failure is asked; when it fails before it has given anything out, the next one is. Who has
answered once goes on answering, so that an app is of one hand. What was given out cannot be taken back: an answer that breaks off in
its middle is an error, and the work can be done again with `Gateway.next_after`.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from espalier.model.call import Purpose
from espalier.model.endpoint import Answer, Ask, Endpoint, Stream, whole
from espalier.model.errors import EndpointDown, ModelDamaged, ModelError, ModelMissing

from .fitting import BLUEPRINTS, Unwrapped, fit
from .record import Record
from .target import Target

if TYPE_CHECKING:
    from .gateway import Gateway

DOWN = (EndpointDown, ModelMissing, ModelDamaged)  # what the next one may do better
PAUSE = 5.0  # seconds between two stages of an answer, after which there is no next one


class Routed:
    """One piece of work (an app, an edit, a chat) by whichever model of its route answers. See Endpoint.

    What it is like (trained, grammars, ...) is what the model is like that would be asked now.
    """

    def __init__(
        self,
        gateway: Gateway,
        targets: Sequence[Target],
        purpose: Purpose,
        account: str = "",
        build: str = "",
        work: str = "",
    ) -> None:
        self.gateway = gateway
        self.targets = tuple(targets)
        self.purpose: Purpose = purpose
        self.account = account
        self.build = build
        self.asked: Target | None = None  # who was asked last
        self.target: Target | None = None  # who has answered
        self.call = ""  # the id of the last call
        self.work = work or build or uuid.uuid4().hex  # what is let in once, and goes on to its end
        self._open: dict[tuple[object, ...], tuple[Record, asyncio.TimerHandle]] = {}

    @property
    def name(self) -> str:
        return self._head()[0].name

    @property
    def trained(self) -> bool:
        return bool((one := self._head()[1]) and one.trained)

    @property
    def grammars(self) -> bool:
        return bool((one := self._head()[1]) and one.grammars)

    @property
    def line_ends_join(self) -> bool:
        return bool((one := self._head()[1]) and one.line_ends_join)

    @property
    def context(self) -> int:
        return one.context if (one := self._head()[1]) else 0

    def stream(self, ask: Ask) -> Stream:
        """The answer in pieces. Raises OverBudget and TooFast too, when it is not asked at all."""
        return Stream(self._answer(ask))

    async def complete(self, ask: Ask) -> Answer:
        """The answer at once."""
        return await whole(self.stream(ask))

    async def close(self) -> None:
        """The work is done: what it took is told now. The models stay for others."""
        for record, timer in list(self._open.values()):
            timer.cancel()
            self.gateway.ended(record, "stop")
        self._open.clear()

    # --- who is asked -------------------------------------------------------------------------------------------------

    def _order(self, begun_by: Target | None = None) -> list[Target]:
        """Who is asked, in this order: who began this answer, who has answered before, who is not resting, who is."""
        before = begun_by or self.target
        return sorted(self.targets, key=lambda one: (one is not before, one.resting))

    def _head(self) -> tuple[Target, Endpoint | None]:
        """The first that can be opened; none when none can, which asking will say."""
        order = self._order()
        for target in order:
            try:
                return target, target.open()
            except ModelError:
                continue
        return order[0], None

    async def _answer(self, ask: Ask) -> AsyncGenerator[str | Answer, None]:
        record = self._going_on(ask)
        if record is None:
            self.gateway.admit(self.account, self.purpose, self.work if self.purpose in BLUEPRINTS else "")
        elif record.free:  # its answer is whole already
            self.gateway.ended(record, "stop")
            yield Answer("", model=record.model)
            return
        failures: list[tuple[Target, ModelError]] = []
        order = self._order(record.target if record else None)
        for at, target in enumerate(order):
            last, said = at == len(order) - 1, False
            try:
                endpoint = await target.opened()
                if ask.begun and not endpoint.grammars:
                    raise EndpointDown(f"{target.name} cannot go on with what another one began.")
                record = record or self._record(target, fit(ask, endpoint, self.purpose))
                async with aclosing(self._asked(ask, endpoint, record, last)) as parts:
                    async for part in parts:
                        said = True
                        yield part
                return
            except DOWN as error:
                target.failed()
                if said:
                    raise
                failures.append((target, error))
                record = None
                if not last:
                    self.gateway.telemetry.fell_back(self.purpose)
        raise _together(failures)

    def _record(self, target: Target, ask: Ask) -> Record:
        return Record(target, ask, self.purpose, self.account, self.build)

    # --- one of them --------------------------------------------------------------------------------------------------

    async def _asked(
        self, ask: Ask, endpoint: Endpoint, record: Record, last: bool
    ) -> AsyncGenerator[str | Answer, None]:
        """What one model answers. last: there is no other to ask, so it may take its time to begin."""
        gateway, target = self.gateway, record.target
        self.call, self.asked = record.id, target
        wrapped = Unwrapped(self.purpose) if ask.grammar and not endpoint.grammars else None
        given = ""
        answer: Answer | None = None
        finish, error = "cancelled", ""
        begun = target.busy.begin()
        gateway.telemetry.running.inc()
        try:
            async with endpoint.stream(fit(ask, endpoint, self.purpose)) as stream:
                limit = None if last else gateway.patience
                while (piece := await self._piece(stream, limit, target)) is not None:
                    record.piece(piece)
                    limit = gateway.patience
                    if piece := wrapped.feed(piece) if wrapped else piece:
                        given += piece
                        yield piece
                answer = stream.answer
            if not (answer.text or answer.tokens_out or ask.begun):
                raise EndpointDown(f"{target.name} answered with nothing that can be read. Is the address right?")
            if wrapped:
                if rest := wrapped.end():
                    given += rest
                    yield rest
                answer = replace(answer, text=given)
            target.answered()
            self.target, record.free, finish = target, wrapped is not None, answer.finish
        except ModelError as why:
            answer, finish, error = None, "failed", str(why)
            raise
        finally:
            gateway.telemetry.running.dec()
            record.stage(answer, target.busy.end(begun))
            if finish == "stop" and ask.grammar and self.purpose in BLUEPRINTS:
                self._keep_open(ask, record, given)
            else:
                gateway.ended(record, finish, error)
        yield answer

    async def _piece(self, stream: Stream, limit: float | None, target: Target) -> str | None:
        """The next piece, None at the end. Raises EndpointDown when none comes in time."""
        try:
            async with asyncio.timeout(limit):
                return await anext(stream)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            raise EndpointDown(f"{target.name} has said nothing for {limit:g} s and was given up.") from None

    # --- stages of one answer -----------------------------------------------------------------------------------------

    def _keep_open(self, ask: Ask, record: Record, written: str) -> None:
        """The next stage of an answer may follow; when none does, this was all of it."""
        key = _key(ask, ask.begun + written)
        later = asyncio.get_running_loop().call_later(PAUSE, self._over, key)
        self._open[key] = record, later

    def _going_on(self, ask: Ask) -> Record | None:
        """The question of which this is the next stage."""
        found = self._open.pop(_key(ask, ask.begun), None) if ask.begun else None
        if found is None:
            return None
        found[1].cancel()
        return found[0]

    def _over(self, key: tuple[object, ...]) -> None:
        record, _ = self._open.pop(key)
        self.gateway.ended(record, "stop")


def _key(ask: Ask, written: str) -> tuple[object, ...]:
    """What two stages of one answer have in common: the question, the dice, and what was written up to there."""
    return tuple(turn["content"] for turn in ask.messages), ask.sampling.seed, ask.sampling.temperature, written


def _together(failures: Sequence[tuple[Target, ModelError]]) -> ModelError:
    """One error for those of a whole route."""
    if len(failures) == 1:
        return failures[0][1]
    return EndpointDown("No model could answer. " + " ".join(f"{target.name}: {error}" for target, error in failures))
