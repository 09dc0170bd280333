"""The folder of a run: what was asked of whom and how (`run.json`), and what came of it, a file for each endpoint.

A run that was killed is taken up where it stopped: what was answered is not asked again. More endpoints may join a run later.
What must not change on the way is held against `run.json`.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .outcome import Outcome, append, read
from .suites import Suite

PLAN = "run.json"
ANSWERS = "answers"


class OtherRun(ValueError):
    """The folder holds a run of other questions; the text says what differs."""


@dataclass(frozen=True)
class Plan:
    """What a run asks. suites: their digests; how: the options of building; cases: which of each suite, all when 0."""

    suites: Mapping[str, str]
    how: Mapping[str, Any]
    limit: int = 0
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"suites": dict(self.suites), "how": dict(self.how), "limit": self.limit, "seed": self.seed}


class Folder:
    """See the module. Made when it is not there. Raises OtherRun when it holds another run."""

    def __init__(self, path: Path, plan: Plan, endpoints: Sequence[str]) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        told = self.told(path)
        for part, said in plan.as_json().items() if told else ():
            if told["plan"][part] != said:
                raise OtherRun(
                    f"{path} holds a run with other {part}: {_short(told['plan'][part])}, now {_short(said)}. "
                    "Choose another folder with --out, or the same options."
                )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        told = told or {
            "plan": plan.as_json(),
            "begun": now,
            "endpoints": [],
            "machine": machine(),
            "version": version("espalier"),
        }
        told["endpoints"] = list(dict.fromkeys([*told["endpoints"], *endpoints]))
        _write(path / PLAN, told)

    @staticmethod
    def told(path: Path) -> dict[str, Any]:
        """What is written of the run in a folder; nothing when there is none."""
        file = path / PLAN
        if not file.is_file():
            return {}
        try:
            told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except ValueError:
            raise OtherRun(f"{file} is damaged; choose another folder with --out") from None
        return told

    def file(self, endpoint: str) -> Path:
        """Where what came of asking an endpoint is kept."""
        return self.path / ANSWERS / f"{slug(endpoint)}.jsonl"

    def keep(self, outcome: Outcome) -> None:
        append(self.file(outcome.endpoint), outcome)

    def kept(self, endpoint: str, suites: Iterable[Suite]) -> dict[tuple[str, str], Outcome]:
        """What came of asking an endpoint what these suites hold; the last, where a question was asked twice."""
        wanted = {(suite.name, case.id) for suite in suites for case in suite.cases}
        return {one.key: one for one in read(self.file(endpoint)) if one.key in wanted}

    def replace(self, endpoint: str, outcomes: Iterable[Outcome]) -> None:
        """Other outcomes in place of those of an endpoint, all or none."""
        file = self.file(endpoint)
        aside = file.with_name(f".{file.name}")
        aside.write_text("".join(f"{one.line()}\n" for one in outcomes), "utf-8")
        aside.replace(file)


def machine() -> dict[str, Any]:
    """What the figures of time depend on."""
    return {"cores": os.cpu_count() or 1, "processor": _processor(), "system": platform.platform(terse=True)}


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor()


def slug(endpoint: str) -> str:
    """An endpoint's name as a file's."""
    return re.sub(r"[^\w.-]+", "-", endpoint).strip("-") or "endpoint"


def _short(said: Any) -> str:
    return json.dumps(said)[:120]


def _write(file: Path, told: dict[str, Any]) -> None:
    aside = file.with_name(f".{file.name}")
    aside.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    aside.replace(file)
