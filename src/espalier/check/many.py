"""Judging many apps: a file of cases or a folder in, their reports out, over the workers of this machine or a Ray cluster.

A line of cases is {"blueprint": text, "id"?, "prompt"?, "rubric"?}; what cannot be read becomes a report that says so, never
an end. In a file of reports each line has the id of its case and a mark of what was judged, so that a run can be taken up
where it was broken off, and what has changed since is judged again. How one app is judged within bounds is bounded.py's.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from .bounded import AHEAD, Case, Pool, shared_pool
from .report import Report

ENDINGS = (".yaml", ".yml")
LONGEST_LINE = 4_000_000  # characters
BETWEEN_WORDS = 10.0  # seconds
LARGEST_FILE = 2_000_000  # bytes of a blueprint that are read

Judged = Callable[[Iterable[Case]], Iterator[Report]]


@dataclass(frozen=True)
class Line:
    """A case as it came in, or why it cannot be one."""

    case: Case
    fault: str = ""

    @property
    def mark(self) -> str:
        """Changes with anything that a report depends on."""
        case = self.case
        of = [case.blueprint, case.prompt, case.rubric, case.browser, case.thorough, case.salt, self.fault]
        return hashlib.sha256(json.dumps(of, default=str).encode()).hexdigest()[:16]


def read_file(path: Path) -> Line:
    """One blueprint file. Never raises: what is no text is a fault."""
    id = path.name
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Line(Case("", id=id), f"{path.name} is too large for a blueprint: {path.stat().st_size:,} bytes")
        return Line(Case(path.read_text("utf-8"), id=id))
    except UnicodeDecodeError:
        return Line(Case("", id=id), f"{path.name} is not text in UTF-8")
    except FileNotFoundError:
        return Line(Case("", id=id), f"{path} does not exist")
    except OSError as error:
        return Line(Case("", id=id), f"{path} cannot be read: {error.strerror or error}")


def read_folder(folder: Path) -> Iterator[Line]:
    """The blueprints of a folder, by name; the name is the id."""
    for path in sorted(folder.iterdir()):
        if path.suffix in ENDINGS:
            yield read_file(path)


def read_lines(stream: IO[str]) -> Iterator[Line]:
    """The cases of a JSON-lines file. Without an id a case is called by the number of its line, from 1."""
    number = 0
    while text := stream.readline(LONGEST_LINE + 1):
        number += 1
        whole = len(text) <= LONGEST_LINE
        while not text.endswith("\n") and (more := stream.readline(LONGEST_LINE)):
            text = more  # the rest of a line that is too long is read past
        if not whole:
            yield Line(Case("", id=str(number)), f"line {number} is longer than {LONGEST_LINE:,} characters")
        elif text.strip():
            yield _line(text, number)


def _line(text: str, number: int) -> Line:
    id = str(number)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Line(Case("", id=id), f"line {number} is not JSON: {str(error)[:200]}")
    if not isinstance(said, dict) or not isinstance(said.get("blueprint"), str):
        return Line(Case("", id=id), f'line {number} has no blueprint: it should be {{"blueprint": "app: ...", ...}}')
    if isinstance(said.get("id"), str | int):
        id = str(said["id"])
    prompt, rubric = said.get("prompt") or "", said.get("rubric")
    if not isinstance(prompt, str):
        return Line(Case("", id=id), f"line {number}: the prompt should be a text")
    if rubric is not None and not isinstance(rubric, dict):
        return Line(Case("", id=id), f"line {number}: the rubric should be an object")
    return Line(Case(said["blueprint"], prompt, rubric, id))


def judge_lines(lines: Iterable[Line], judged: Judged) -> Iterator[tuple[Line, Report]]:
    """Each line with its report, in order. judged: what gives a report for each case, as those of `on_pool` and `on_ray`."""
    waiting: deque[Line] = deque()

    def cases() -> Iterator[Case]:
        for line in lines:
            waiting.append(line)
            yield line.case  # of a faulty line too, which keeps the order: an empty blueprint takes no time

    for report in judged(cases()):
        line = waiting.popleft()
        yield line, Report(problems=(line.fault,)) if line.fault else report


def as_text(line: Line, report: Report) -> str:
    """The line of a file of reports."""
    said = json.dumps({"id": line.case.id, "mark": line.mark, **report.as_json()}, ensure_ascii=False)
    return said.encode("utf-8", "replace").decode()  # halves of characters cannot be written


@dataclass
class Tally:
    """How far a run is."""

    apps: int = 0
    failed: int = 0
    scores: float = 0
    start: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)

    def add(self, report: Report) -> None:
        self.apps += 1
        self.failed += not report.fine
        self.scores += report.score

    def due(self) -> bool:
        """Is it time to say something again?"""
        if time.monotonic() < self.said + BETWEEN_WORDS:
            return False
        self.said = time.monotonic()
        return True

    def __str__(self) -> str:
        if not self.apps:
            return "Nothing to judge."
        a_second = self.apps / max(time.monotonic() - self.start, 1e-6)
        return (
            f"{self.apps:,} judged, {self.failed:,} with something that failed, "
            f"mean score {self.scores / self.apps:.3f}, {a_second:.1f} a second"
        )


def done_before(path: Path) -> set[tuple[str, str]]:
    """The (id, mark) of what stands in a file of reports. A line that was not written to its end is cut off."""
    done: set[tuple[str, str]] = set()
    if not path.exists():
        return done
    with path.open("r+b") as file:
        good = 0
        for text in file:
            if not text.endswith(b"\n"):
                break
            good += len(text)
            try:
                said = json.loads(text)
                done.add((said["id"], said["mark"]))
            except (ValueError, KeyError, TypeError):
                continue
        file.truncate(good)
    return done


@contextmanager
def on_pool(workers: int | None = None) -> Iterator[Judged]:
    """Over worker processes of this machine."""
    with Pool(workers) as pool:
        yield pool.judge_all


@contextmanager
def on_ray(address: str | None = None, workers: int | None = None) -> Iterator[Judged]:
    """Over a Ray cluster, whose machines have this project installed.

    address: of a running cluster, `auto` for the one that this machine belongs to; without one a local Ray is started and
    ended. workers: at most so many apps at once; as many as the cluster has cores when not given. Raises ImportError without
    Ray and ConnectionError when there is none at that address.
    """
    import ray

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    address = address or os.environ.get("RAY_ADDRESS")
    started = not ray.is_initialized()
    if started and address:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    elif started:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    try:
        # A Ray worker keeps its process, and with it a warm pool of one, whose child does the judging within its bounds.
        remote = ray.remote(num_cpus=1, max_retries=2)(_judge_there)
        most = AHEAD * (workers or max(1, int(ray.cluster_resources().get("CPU", 1))))

        def judged(cases: Iterable[Case]) -> Iterator[Report]:
            waiting: deque[Any] = deque()
            for case in cases:
                waiting.append(remote.remote(case))
                while waiting and (len(waiting) >= most or ray.wait([waiting[0]], timeout=0)[0]):
                    yield _fetched(waiting.popleft())
            while waiting:
                yield _fetched(waiting.popleft())

        yield judged
    finally:
        if started:
            ray.shutdown()


def _fetched(reference: Any) -> Report:
    import ray

    try:
        report: Report = ray.get(reference)
    except ray.exceptions.RayError as error:
        report = Report(unfinished=f"the check was lost on the cluster: {type(error).__name__}")
    return report


def _judge_there(case: Case) -> Report:
    """One app, in a Ray worker."""
    return shared_pool(1).submit(case).result()


def with_options(lines: Iterable[Line], **options: Any) -> Iterator[Line]:
    """The same lines, judged with these options of a case. A prompt or a rubric is for those without their own; pictures go
    into a folder of each app's own."""
    for line in lines:
        given = {name: value for name, value in options.items() if not getattr(line.case, name)}
        if folder := given.get("screenshots"):
            given["screenshots"] = folder / (re.sub(r"[^\w-]+", "-", Path(line.case.id).stem)[:80] or "app")
        yield replace(line, case=replace(line.case, **given))
