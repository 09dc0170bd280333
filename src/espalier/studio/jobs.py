"""Builds at work: a task each, which writes down what it has at least every second, so that a server that dies loses nothing.

What unfinished builds there are stands in their rows; at the start they go on where they were: the same work is done again, and what
the model had answered already is remembered (remembered.py). Making and reading builds is builds.py's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import select, update

from espalier.blueprint.problems import BlueprintError
from espalier.check.bounded import Case, Pool, shared_pool
from espalier.check.report import Report
from espalier.gateway import OverBudget, TooFast
from espalier.model.build import Built, Edited, How
from espalier.model.build import build as build_app
from espalier.model.build import edit as edit_app
from espalier.model.errors import ModelError, Refused

from . import accounts, apps, partial, versions
from . import store as tables
from .errors import NotThere, StudioError
from .live import Live
from .remembered import Remembered
from .versions import Change

if TYPE_CHECKING:
    from .studio import Studio

log = logging.getLogger(__name__)
T = TypeVar("T")

KEPT = 0.5  # seconds between two times that what is written is kept
BAD = 0.6  # a score under which another model of the route is asked
SHIFT = 100  # answers that one model may give
TRIES = 5  # times that a result is written down, when the disk is full
NOTHING = "Nothing that works came of it. Say it in other words, or try again: each try is written anew."


class Jobs:
    """The builds at work in this process. Used on the event loop; `begin` and `cancel` from any thread."""

    def __init__(self, studio: Studio, how: How, pool: Pool | None = None) -> None:
        self.studio = studio
        self.how = how
        self.live: dict[str, Live] = {}
        self._pool = pool
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(max(1, studio.settings.model_slots))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cancelled: set[str] = set()

    async def start(self) -> None:
        """Go on with what an earlier process left unfinished."""
        self._loop = asyncio.get_running_loop()
        for id in await asyncio.to_thread(unfinished, self.studio):
            self._begin(id)

    async def close(self) -> None:
        """Stop; what is unfinished goes on with the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def begin(self, id: str) -> None:
        """A build is waiting: its row says so."""
        assert self._loop, "the studio has not been started"
        self._loop.call_soon_threadsafe(self._begin, id)

    def cancel(self, id: str) -> None:
        """End a build, now or before its turn."""
        assert self._loop, "the studio has not been started"
        self._loop.call_soon_threadsafe(self._cancel, id)

    async def idle(self) -> None:
        """Wait until nothing is at work; for tests and benchmarks."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _begin(self, id: str) -> None:
        if id not in self._tasks:
            self.live[id] = Live(id, 0, 0)
            task = self._tasks[id] = asyncio.get_running_loop().create_task(self._run(id), name=f"build {id}")
            task.add_done_callback(lambda _: self._tasks.pop(id, None))

    def _cancel(self, id: str) -> None:
        if task := self._tasks.get(id):
            self._cancelled.add(id)
            task.cancel()

    async def _run(self, id: str) -> None:
        live = self.live[id]
        try:
            async with self._turns:
                await _Work(self, live).do()
        except asyncio.CancelledError:
            if id not in self._cancelled:
                raise  # the server stops: the row stays as it is, and the build goes on with the next start
            await _kept(lambda: ended(self.studio, id, "cancelled", "It was stopped."))
        except Exception:
            log.exception("the build %s failed", id)
            words = "Something went wrong here; the log says what. What was written is kept: try again."
            await _kept(lambda: ended(self.studio, id, "failed", words))
        finally:
            self._cancelled.discard(id)
            live.over = True
            if self.live.get(id) is live:
                del self.live[id]
            live.ring()


class _Work:
    """One build, from its row to its result."""

    def __init__(self, jobs: Jobs, live: Live) -> None:
        self.jobs, self.studio, self.live = jobs, jobs.studio, live
        self.row: Any = None
        self.endpoint: Remembered | None = None
        self._drawing: asyncio.Task[None] | None = None
        self._drawn = 0
        self._shift = 0  # what is added to the numbers of answers: those of a second model come after the first's
        self._written: Any = None

    async def do(self) -> None:
        """Write, judge, mend; then keep what came of it."""
        self.row, memory = await asyncio.to_thread(self._read)
        live, studio, row = self.live, self.studio, self.row
        live.candidate, live.run = row.candidate, row.runs
        live.say("writing", "reading the request")
        endpoint = studio.models.endpoint(row.kind, row.account, row.id)
        remembered = self.endpoint = Remembered(endpoint, memory)
        keeping = asyncio.create_task(self._keep_on())
        built: Built | None = None
        name, state, words = "", "", ""
        try:
            built = await self._built(remembered)
            better = studio.models.next_after(endpoint) if built.score < BAD else None
            if better is not None:
                live.say("writing", "asking another model")
                self._shift, self._drawn = SHIFT, 0
                with contextlib.suppress(ModelError):
                    again = await self._built(Remembered(better))
                    if again.score > built.score:
                        built, name = again, better.name
                await better.close()
        except (Refused, OverBudget, TooFast) as error:
            state, words = "refused", str(error)
        except ModelError as error:
            state, words = "failed", str(error)
        except BlueprintError as error:
            state, words = "failed", f"The app has a fault that comes first: {error.problems[0]}"
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            with contextlib.suppress(Exception):
                await endpoint.close()
            if self._drawing:
                await asyncio.gather(self._drawing, return_exceptions=True)
            with contextlib.suppress(StudioError):
                await asyncio.to_thread(self._keep)
        if built is None:
            await _kept(lambda: ended(studio, row.id, state, words))
            return
        cost, rented = await studio.models.cost(row.id)
        whole = built
        await _kept(lambda: self._finish(whole, name or endpoint.name, cost, rented))

    # --- the work ---------------------------------------------------------------------------------------------------------

    async def _built(self, endpoint: Remembered) -> Built:
        row, how = self.row, self.jobs.how
        if row.candidate > 1:  # another one: of the same words, written otherwise
            how = replace(how, temperature=how.variety, seed=how.seed + 1000 * (row.candidate - 1))
        pool = cast(Pool, _Watched(self.jobs._pool or shared_pool(), self._judging, self._judged))
        if row.kind == "build":
            return await build_app(endpoint, row.prompt, how, self._heard, pool=pool)
        before = await asyncio.to_thread(self._before)
        return await edit_app(endpoint, before, _request(row, before), how, row.prompt, self._heard, pool=pool)

    def _before(self) -> str:
        app = tables.app
        with self.studio.store.read() as connection:
            row = connection.execute(select(app).where(app.c.id == self.row.app)).first()
        if row is None:
            raise NotThere
        return str(versions.get(self.studio, row, self.row.base).text)

    def _heard(self, number: int, piece: str) -> None:
        live = self.live
        live.heard(number + self._shift, piece)
        live.say("repairing" if number >= self.jobs.how.samples else "writing", "")
        if number == 0 and "\n" in piece:
            self._draw(live.texts[self._shift])

    def _draw(self, text: str) -> None:
        """Make what is complete into something that can be shown, in a thread; one at a time, the newest wins."""
        if self.row.kind != "build" or (self._drawing and not self._drawing.done()):
            return
        complete = partial.cuts(text)
        if complete > self._drawn:
            self._drawn = complete
            self._drawing = asyncio.create_task(self._drawn_of(text))

    async def _drawn_of(self, text: str) -> None:
        shown = await asyncio.to_thread(partial.readable, text)
        if shown and shown != self.live.partial:
            self.live.partial = shown
            self.live.section += 1
            self.live.ring()

    def _judging(self) -> None:
        """A check begins; told by the thread that asks for it."""
        if self.jobs._loop:
            state = "repairing" if self.live.state == "repairing" else "judging"
            self.jobs._loop.call_soon_threadsafe(self.live.say, state, "checking")

    def _judged(self, report: Report) -> None:
        def told() -> None:
            self.live.report = brief(report.as_json())
            self.live.reports += 1
            self.live.ring()

        if self.jobs._loop:
            self.jobs._loop.call_soon_threadsafe(told)

    # --- keeping ----------------------------------------------------------------------------------------------------------

    def _read(self) -> tuple[Any, Any]:
        """The build's row, one run further, and what is remembered of the candidate."""
        build, candidate, id = tables.build, tables.candidate, self.live.build
        with self.studio.store.write() as connection:
            row = connection.execute(select(build).where(build.c.id == id)).one()
            connection.execute(
                update(build)
                .where(build.c.id == id)
                .values(runs=row.runs + 1, started=row.started or time.time(), state="writing", stage="")
            )
            row = connection.execute(select(build).where(build.c.id == id)).one()
            kept = connection.execute(
                select(candidate.c.memory).where(candidate.c.build == id, candidate.c.number == row.candidate)
            ).scalar_one()
        return row, kept

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(KEPT)
            try:
                await asyncio.to_thread(self._keep)
            except StudioError as error:  # the disk is full, say: it is tried again
                log.warning("what the build %s has written could not be kept: %s", self.live.build, error)

    def _keep(self) -> None:
        """Write down what stands so far, where it is more than before."""
        live, memory = self.live, self.endpoint.memory if self.endpoint else {}
        now = (live.state, live.stage, {str(number): text for number, text in dict(live.texts).items()}, len(memory))
        if now == self._written:
            return
        build, candidate = tables.build, tables.candidate
        with self.studio.store.write() as connection:
            connection.execute(
                update(candidate)
                .where(candidate.c.build == live.build, candidate.c.number == live.candidate)
                .values(written=now[2], memory=dict(memory), state=live.state)
            )
            connection.execute(update(build).where(build.c.id == live.build).values(state=live.state, stage=live.stage))
        self._written = now

    def _finish(self, built: Built, endpoint: str, cost: float, rented: float) -> None:
        """Keep the result: of a build the app, of an edit the proposal."""
        row, studio = self.row, self.studio
        good = bool(built.text)
        values: dict[str, Any] = {
            "state": "done" if good else "failed",
            "text": built.text,
            "patch": built.patch if isinstance(built, Edited) else "",
            "report": built.report.as_json() if built.report else None,
            "score": built.score,
            "tries": [
                {
                    "number": one.number,
                    "score": one.score,
                    "kind": _kind_of(one.number, self.jobs.how.samples),
                    "taken": one.report is built.report,
                    "fixes": list(one.fixes),
                    "seconds": one.answer.seconds,
                    "written": one.written,
                }
                for one in built.tries
            ],
            "notes": list(built.notes),
            "seconds": built.seconds,
            "tokens_in": built.tokens_in,
            "tokens_out": built.tokens_out,
            "cost": cost,
            "rented": rented,
            "endpoint": endpoint,
            "model": built.model,
            "adapter": built.adapter,
            "memory": {},
        }
        candidate = tables.candidate
        with studio.store.write() as connection:
            connection.execute(
                update(candidate)
                .where(candidate.c.build == row.id, candidate.c.number == row.candidate)
                .values(**values)
            )
        if not good:
            ended(studio, row.id, "failed", NOTHING)
            return
        app = row.app
        if row.kind == "build" and not app:
            account = accounts.by_id(studio.store, row.account)
            change = Change(built.text, "build", row.prompt, build=row.id, candidate=row.candidate)
            app = apps.create(studio, account, change, id=row.id, prompt=row.prompt).id
        ended(studio, row.id, "done", app=app)


class _Watched:
    """A pool that tells when a check begins, and what it found."""

    def __init__(self, pool: Pool, begins: Callable[[], None], ends: Callable[[Report], None]) -> None:
        self._pool, self._begins, self._ends = pool, begins, ends

    def processes(self) -> list[int]:
        return self._pool.processes()

    def submit(self, case: Case) -> Future[Report]:
        future = self._pool.submit(case)
        if case.blueprint:  # none when workers are only started
            self._begins()
            future.add_done_callback(self._ended)
        return future

    def _ended(self, future: Future[Report]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._ends(future.result())


def unfinished(studio: Studio) -> list[str]:
    """The builds that wait or were at work, the oldest first."""
    build = tables.build
    wanted = build.c.state.in_(("queued", "writing", "judging", "repairing"))
    with studio.store.read() as connection:
        return list(connection.execute(select(build.c.id).where(wanted).order_by(build.c.created)).scalars())


def ended(studio: Studio, id: str, state: str, words: str = "", app: str | None = None) -> None:
    """A build comes to its end."""
    build, candidate = tables.build, tables.candidate
    values: dict[str, Any] = {"state": state, "stage": "", "words": words, "ended": time.time()}
    with studio.store.write() as connection:
        row = connection.execute(select(build).where(build.c.id == id)).one()
        connection.execute(
            update(build).where(build.c.id == id).values(**values, **({"app": app} if app is not None else {}))
        )
        if state != "done":
            connection.execute(
                update(candidate)
                .where(candidate.c.build == id, candidate.c.number == row.candidate)
                .values(state=state)
            )
    studio.telling.build(id, row.candidate)


def brief(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """What of a report is shown beside an app: the scores, each check's state, and what failed."""
    if report is None:
        return None
    shown = {key: report[key] for key in ("score", "works", "asked", "gates", "problems", "unfinished")}
    checks = [
        {key: one[key] for key in ("name", "group", "state", "says", "looked_at")}
        | ({"findings": one["findings"][:5]} if one["state"] == "failed" else {})
        for one in report["results"]
        if one["state"] != "not applicable"
    ]
    return shown | {"checks": checks}


def _kind_of(number: int, samples: int) -> str:
    return "repair" if number >= samples else "answer"


def _request(row: Any, before: str) -> str:
    """The words of a request, with the block that was pointed at."""
    from espalier.blueprint.reader import read

    if not row.block:
        return str(row.request)
    key, _, number = row.block.rpartition(":")
    page = next((page for page in read(before).page_list if key in (page.key, page.name, page.slug)), None)
    if page is None:
        return str(row.request)
    at = int(number) if number.isdigit() else -1
    if not 0 <= at < len(page.blocks):
        return f"On the page {page.name}: {row.request}"
    block = page.blocks[at]
    said = read(before).model_dump()["pages"][page.key][at].get(block.kind)
    about = f" {said}" if isinstance(said, str) and len(said) < 60 else ""
    return f"On the page {page.name}, in the block `{block.kind}{about}`: {row.request}"


async def _kept(write: Callable[[], T]) -> T:
    """Write something down that must not be lost; when the disk is full, again a little later."""
    for left in reversed(range(TRIES)):
        try:
            return await asyncio.shield(asyncio.to_thread(write))
        except StudioError:
            if not left:
                raise
            await asyncio.sleep(2.0 ** (TRIES - left) / 2)
    raise AssertionError


__all__ = ["Jobs", "brief", "ended", "unfinished"]
