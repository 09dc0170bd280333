"""Judging what may hang, eat memory or die: in worker processes with limits on time and memory.

Whatever an app does there, the caller gets a report in bounded time; what stopped the check stands in it, in words. Three
limits, one behind the other: the checks look at the clock themselves and end with what they found; an alarm interrupts what
does not look; what does not hear the alarm either (a loop in C) is killed, and the next app gets a fresh worker. Workers are
warm: they have judged a small app before their first. What is judged and how is judge.py's; reading and writing many is
many.py's. The caller needs none of the runtime in its own process.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError, TimeoutError
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from pebble import ProcessExpired, ProcessPool

from .limits import MEMORY, lift_memory_limit, limit_memory, seconds_for
from .report import Report

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint

    from .requirements import Rubric

ALARM = 0.5  # seconds after the end of time until what does not look at the clock is interrupted
KILL = 2.0  # seconds after the end of time until the worker is killed
APPS = 1000  # judged by one worker before a fresh one takes its place
BETWEEN_COLLECTIONS = 10  # apps
AHEAD = 50  # apps handed out for each worker while the report of an earlier one is awaited
LARGEST = 300_000  # characters of a blueprint that are sent to a worker; the reader refuses fewer, at a glance


@dataclass(frozen=True)
class Case:
    """An app to judge; see judge.judge for what each means. rubric may be given as its JSON (a dict)."""

    blueprint: str
    prompt: str = ""
    rubric: Rubric | dict[str, Any] | None = None
    id: str = ""
    browser: bool = False
    thorough: bool = False
    salt: str = ""
    seconds: float | None = None
    screenshots: Path | None = None

    @property
    def limit(self) -> float:
        """Seconds that judging it may take."""
        return seconds_for(self.seconds, browser=self.browser, thorough=self.thorough)


class Pool:
    """Worker processes that judge apps, to be closed or used in a `with`.

    workers: how many; one for each core when not given. memory: bytes that an app may take. apps: how many apps a worker
    judges before it is replaced. warm: judge a small app in each worker first; False when there is only one app to come.
    """

    def __init__(
        self, workers: int | None = None, *, memory: int = MEMORY, apps: int = APPS, warm: bool = True
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        # A server of forks: callers have threads, which plain forks do not survive, and it imports the checks only once.
        context = _Context()
        context.set_forkserver_preload(["espalier.check.bounded", "espalier.check.ready"])
        self._make = lambda: ProcessPool(self.workers, apps, _prepare, (memory, warm), context)
        self._pool = self._make()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, case: Case) -> Future[Report]:
        """The report to come. The future fails with NoBrowser only; cancelling it ends the work."""
        given: Future[Report] = Future()
        if len(case.blueprint) > LARGEST:
            given.set_result(_too_large(case))
            return given
        work = self._schedule(case)

        def done(_: Any) -> None:
            with contextlib.suppress(InvalidStateError):  # cancelled by the caller meanwhile
                try:
                    given.set_result(_report_of(work, case))
                except Exception as error:
                    given.set_exception(error)

        given.add_done_callback(lambda future: work.cancel() if future.cancelled() else None)
        work.add_done_callback(done)
        return given

    def _schedule(self, case: Case) -> Any:
        try:
            return self._pool.schedule(_work, (case,), timeout=case.limit + KILL)
        except RuntimeError:  # the pool is broken: the server of forks is gone, or a worker could not be started
            if self._closed:
                raise
            self._pool.stop()
            self._pool = self._make()
            return self._pool.schedule(_work, (case,), timeout=case.limit + KILL)

    def judge_all(self, cases: Iterable[Case]) -> Iterator[Report]:
        """The reports in the order of the cases, which are read only a little ahead."""
        waiting: deque[Future[Report]] = deque()
        try:
            for case in cases:
                waiting.append(self.submit(case))
                while waiting and (len(waiting) >= AHEAD * self.workers or waiting[0].done()):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def processes(self) -> list[int]:
        """The ids of the workers that live."""
        return sorted(self._pool._pool_manager.worker_manager.workers)

    def close(self) -> None:
        """End the workers, and what they are at."""
        self._closed = True
        self._pool.stop()
        self._pool.join()


def judge_bounded(
    source: str | Blueprint,
    prompt: str = "",
    rubric: Rubric | dict[str, Any] | None = None,
    *,
    browser: bool = False,
    thorough: bool = False,
    salt: str = "",
    seconds: float | None = None,
) -> Report:
    """What `judge` gives, in at most `seconds` and a little, whatever the app does.

    By workers of this process that are kept for the next; the first call waits for them to start.
    """
    if not isinstance(source, str):
        from espalier.blueprint.printer import print_blueprint

        source = print_blueprint(source)
    return shared_pool().submit(Case(source, prompt, rubric, "", browser, thorough, salt, seconds)).result()


@cache
def shared_pool(workers: int | None = None) -> Pool:
    """The pool of this process, ended with it."""
    pool = Pool(workers)
    atexit.register(pool.close)
    return pool


class _Process(ForkServerProcess):
    """A worker that does not run the caller's main script again, as Python does otherwise: it may be a trainer that takes
    minutes to start, and nothing of it is needed."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # the hook by which multiprocessing starts a process
        with _starting:
            main = sys.modules["__main__"]
            stand_in = ModuleType("__main__")
            stand_in.__dict__.update(vars(main), __file__=None, __spec__=None)
            sys.modules["__main__"] = stand_in
            try:
                return ForkServerProcess._Popen(process_obj)
            finally:
                sys.modules["__main__"] = main


class _Context(ForkServerContext):
    Process = _Process


_starting = threading.Lock()


# --- in the caller ----------------------------------------------------------------------------------------------------


def _report_of(work: Future[Report], case: Case) -> Report:
    try:
        return work.result()
    except TimeoutError:
        return Report(unfinished=f"out of time: more than {case.limit:g} s; the check hung and had to be killed")
    except ProcessExpired as error:
        return Report(unfinished=_death(error.exitcode))
    except CancelledError:
        return Report(unfinished="the check was cancelled")
    except Exception as error:
        if case.browser:
            from .browser.driver import NoBrowser

            if isinstance(error, NoBrowser):
                raise  # it says nothing of the app
        return Report(unfinished=f"the check broke down: {type(error).__name__}: {str(error)[:300]}")


def _death(code: int | None) -> str:
    if code is None or code >= 0:
        return f"the check died with exit code {code}"
    name = signal.Signals(-code).name
    hint = {"SIGKILL": "out of memory, or killed from outside", "SIGSEGV": "a crash in C code"}.get(name, "")
    return f"the check was killed by {name}" + (f" ({hint})" if hint else "")


def _too_large(case: Case) -> Report:
    from espalier.blueprint.reader import read_all  # not above: callers without such an app need not load the language

    return Report(problems=tuple(str(problem) for problem in read_all(case.blueprint).problems))


# --- in the worker ----------------------------------------------------------------------------------------------------

_judged = 0
_memory = MEMORY


def _prepare(memory: int, warm: bool) -> None:
    """What a worker does first."""
    from .judge import judge

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, who then ends the workers
    signal.signal(signal.SIGALRM, _interrupt)
    logging.disable(logging.CRITICAL)  # faults of apps are findings; nobody reads their tracebacks
    gc.disable()  # see BETWEEN_COLLECTIONS
    if warm:
        starter = (Path(__file__).parents[1] / "starter.yaml").read_text("utf-8")
        judge(starter, "A small app with a list and a form")
    _tidy()
    limit_memory(memory)
    global _memory
    _memory = memory


def _interrupt(number: int, frame: Any) -> None:
    from .subject import OutOfTime

    raise OutOfTime


def _work(case: Case) -> Report:
    """Judge one app."""
    global _judged
    from .judge import judge
    from .subject import OutOfTime

    if case.browser:
        lift_memory_limit()
    try:
        # Again and again: a check may swallow the first, taking it for a fault of the app.
        signal.setitimer(signal.ITIMER_REAL, case.limit + ALARM, ALARM)
        rubric = _rubric(case)
        report = judge(
            case.blueprint,
            case.prompt,
            rubric,
            browser=case.browser,
            thorough=case.thorough,
            salt=case.salt,
            seconds=case.limit,
            screenshots=case.screenshots,
        )
        signal.setitimer(signal.ITIMER_REAL, 0)
    except OutOfTime:
        report = Report(unfinished=f"out of time: more than {case.limit:g} s")
    except MemoryError:
        report = Report(unfinished="out of memory")
    except _BadRubric as error:
        report = Report(problems=(str(error),))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if case.browser:
            limit_memory(_memory)
    _judged += 1
    if _judged % BETWEEN_COLLECTIONS == 0 or report.unfinished:
        _tidy()
    return report


def _tidy() -> None:
    """Let go of earlier apps. What is left then is looked through no more: without that, each collection takes longer than the
    one before, in the end half of all time. The little that is kept for ever so goes with the worker, after APPS."""
    from espalier.runtime.storage import forget

    forget()
    gc.collect()
    gc.freeze()


class _BadRubric(ValueError):
    pass


def _rubric(case: Case) -> Rubric | None:
    if not isinstance(case.rubric, dict | list):
        return case.rubric
    from pydantic import ValidationError

    from .requirements import Rubric

    try:
        return Rubric.model_validate(case.rubric)
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        raise _BadRubric(f"the rubric cannot be read: {str(error)[:500]}") from None
