"""Who gets which slot, and when."""

from __future__ import annotations

import asyncio

from espalier.model.slots import Slots
from tests.model.conftest import run


def test_a_question_goes_where_its_beginning_is_known():
    async def work() -> None:
        slots = Slots(3, 1000)
        first = await slots.acquire("", "one long question", 10)
        second = await slots.acquire("", "quite another thing", 10)
        assert first is not second
        slots.release(first, "one long question and its answer")
        slots.release(second, "quite another thing, answered")
        again = await slots.acquire("", "one long question and its answer, go on", 10)
        assert again is first
        slots.release(again, again.text)
        assert (
            await slots.acquire("red", "one long question and its answer", 10) is not first
        )  # another adapter's memory
        fresh = await slots.acquire("", "nothing like it", 10)
        assert fresh is second  # it rested longest

    run(work())


def test_nobody_is_overtaken_and_the_room_holds():
    async def work() -> list[str]:
        slots, order = Slots(4, 100), list[str]()
        big = await slots.acquire("", "big", 90)

        async def ask(name: str, need: int) -> None:
            slot = await slots.acquire("", name, need)
            order.append(name)
            await asyncio.sleep(0)
            slots.release(slot, name)

        waiting = [asyncio.create_task(ask("large", 80)), asyncio.create_task(ask("small", 5))]
        await asyncio.sleep(0.01)
        assert order == []  # five would fit, but came later
        slots.release(big, "big")
        await asyncio.gather(*waiting)
        assert slots.busy == 0
        return order

    assert run(work()) == ["large", "small"]


def test_who_stops_waiting_takes_nothing():
    async def work() -> None:
        slots = Slots(1, 100)
        held = await slots.acquire("", "a", 1)
        waiting = [asyncio.create_task(slots.acquire("", "b", 1)) for _ in range(2)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        slots.release(held, "a")
        slot = await waiting[1]
        slots.release(slot, "b")
        assert slots.busy == 0

    run(work())


def test_more_than_there_is_gets_all_of_it():
    async def work() -> None:
        slots = Slots(2, 100)
        slot = await slots.acquire("", "a", 5000)
        slots.release(slot, "a")

    run(work())
