"""Judging an app: read it, run the checks of every group over it, and put what they found together.

This is what everything else calls: the command line, the reward of training, the choice among several answers, the gate of a
release. In this process and without a limit but time; for apps that may hang or eat memory see bounded.py.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from espalier.blueprint.reader import read_all
from espalier.blueprint.schema import Blueprint

from .checks import checks
from .limits import seconds_for
from .report import Report, Result
from .subject import OutOfTime, Subject

if TYPE_CHECKING:
    from .requirements import Rubric

IN_PROCESS = ("static", "use", "asked")
DOUBT = 1.0  # what a drawn rubric is allowed to have misheard, in requirements of weight 1


def judge(
    source: str | Blueprint,
    prompt: str = "",
    rubric: Rubric | None = None,
    *,
    browser: bool = False,
    thorough: bool = False,
    salt: str = "",
    seconds: float | None = None,
    screenshots: Path | None = None,
) -> Report:
    """The report on a blueprint, given as text or read already. Never raises for what it may hold.

    prompt: what was asked for; a rubric is drawn from it when none is given. browser: look at its pages in a real browser
    too. thorough: try every combination instead of a part of those that are alike. salt: changes which part. seconds: how
    long it may take; what is not looked at by then counts as not met. screenshots: a folder for a picture of each page that
    the browser looked at, made when it is not there; the report's notes name them.
    Raises browser.driver.NoBrowser when there is none to look with, which says nothing of the app.
    """
    start, processor = time.perf_counter(), time.process_time()
    if browser:
        from .browser.driver import driver

        driver()  # started here, so that its start takes nothing of the app's time
    with _no_collection():
        limit = seconds_for(seconds, browser=browser, thorough=thorough)
        report = _judge(source, prompt, rubric, browser, thorough, salt, limit, screenshots)
    report.notes["processor"] = round(time.process_time() - processor, 4)
    return replace(report, seconds=time.perf_counter() - start)


def _judge(
    source: str | Blueprint,
    prompt: str,
    rubric: Rubric | None,
    browser: bool,
    thorough: bool,
    salt: str,
    seconds: float,
    screenshots: Path | None,
) -> Report:
    if isinstance(source, Blueprint):
        blueprint, text = source, ""
    else:
        try:
            reading = read_all(source)
        except MemoryError:
            return Report(unfinished="out of memory, at reading")
        except (ValueError, RecursionError) as error:  # such as half of a character
            return Report(problems=(f"the blueprint cannot be read: {type(error).__name__}: {str(error)[:300]}",))
        if reading.blueprint is None:
            return Report(problems=tuple(str(problem) for problem in reading.problems))
        blueprint, text = reading.blueprint, source
    subject = Subject(blueprint, text=text, prompt=prompt, rubric=rubric, thorough=thorough, salt=salt, seconds=seconds)
    results: list[Result] = []
    unfinished = ""
    problems: tuple[str, ...] = ()
    try:
        if prompt and rubric is None:
            from .requirements import draw

            subject.doing = "drawing the rubric from the prompt"
            subject.rubric = draw(prompt)
        for group in (*IN_PROCESS, *(("browser", "look") if browser else ())):
            for result in _group(group, subject):
                results.append(result)  # one by one: what was found before the end of time is kept
                subject.in_time()
        if browser and screenshots:
            from .browser.capture import captures, save_screenshots

            subject.doing = "keeping the pictures"
            subject.notes["screenshots"] = [path.name for path in save_screenshots(captures(subject), screenshots)]
    except OutOfTime:
        unfinished = f"out of time: more than {seconds:g} s, at {subject.doing}"
    except MemoryError:
        unfinished = f"out of memory, at {subject.doing}"
    except Exception as error:
        problems = (f"{subject.doing} failed: {type(error).__name__}: {str(error)[:300]}",)
    finally:
        subject.close()
    subject.notes["visits"], subject.notes["visiting"] = subject.visits, round(subject.visiting, 4)
    doubt = DOUBT if subject.rubric is not None and subject.rubric.source == "drawn" else 0.0
    return Report(tuple(results), problems, unfinished, blueprint.app, doubt=doubt, notes=subject.notes)


def _group(group: str, subject: Subject) -> Iterator[Result]:
    if group == "use":
        subject.doing = "starting the app"
        start = time.perf_counter()
        subject.cast  # noqa: B018  started here, so that no check is charged for it
        subject.notes["starting"] = round(time.perf_counter() - start, 4)
    if group == "asked":
        if not subject.prompt and subject.rubric is None:
            return
        if subject.rubric is not None:
            subject.doing = "comparing with the rubric"
            yield from subject.rubric.results(subject)
    for check in checks(group):
        yield check.run(subject)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the garbage collector's pauses, which take longer than the checks of an app."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
