"""The report of a run: one HTML file that holds all it needs, and a table in Markdown for a README.

What is in it is figures.py's, plots are plots.py's, pictures of apps pictures.py's, and page.html and page.css say how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from espalier.config import Settings

from ..folder import Folder
from ..metrics import met, seconds, spell
from ..outcome import Fault, Outcome
from ..prices import price_of
from ..suites import Case, Suite
from . import plots
from .figures import STAGES, Section, Side, command, in_short, is_demand, section
from .markdown import table
from .pictures import Shown, show_all

REPORT = "report.html"
TABLE = "table.md"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Beside:
    """A prompt with the app of every endpoint."""

    case: Case
    apps: tuple[tuple[Side, Outcome, Shown], ...]


def write(
    folder: Folder,
    suites: Sequence[Suite],
    endpoints: Sequence[str],
    baseline: str,
    settings: Settings,
    pictures: int = 3,
) -> Path:
    """Write both files into the folder; gives the report's path. pictures: prompts of each suite whose apps are shown side by side."""
    told = Folder.told(folder.path)
    cores = int(told.get("machine", {}).get("cores", 1))
    sections = []
    for suite in suites:
        sides = [
            Side(
                name,
                at,
                tuple(folder.kept(name, [suite]).values()),
                price_of(name, settings.core_hour_price, cores),
                name == baseline,
            )
            for at, name in enumerate(endpoints)
        ]
        sections.append(section(suite, sides))
    plan = told.get("plan", {})
    known = {"told": told, "plan": plan, "endpoints": endpoints, "baseline": baseline, "cores": cores}
    page = _page().render(
        **known,
        sections=[
            {
                **_drawn(one, pictures, int(plan.get("seed", 0))),
                "command": command(plan, [one.suite.source], endpoints, baseline, str(folder.path)),
            }
            for one in sections
        ],
        now=datetime.now(UTC).strftime("%-d %B %Y, %H:%M UTC"),
        loads=_loads(sections),
        command=command(plan, [suite.source for suite in suites], endpoints, baseline, str(folder.path)),
        again=f"espalier eval --out {folder.path} --report-only",
        style=Markup((HERE / "page.css").read_text("utf-8")),  # noqa: S704
    )
    (folder.path / TABLE).write_text(
        table(sections, command(plan, [suite.source for suite in suites], endpoints, baseline, "OUT")), "utf-8"
    )
    path = folder.path / REPORT
    path.write_text(page, "utf-8")
    return path


def _drawn(one: Section, pictures: int, seed: int) -> dict[str, Any]:
    """A section with its plots and pictures."""
    plotted: list[tuple[str, str, str]] = []
    bars = [_bar(side, one) for side in one.sides]
    label = one.main.label
    plotted.append(
        (
            label,
            f"{one.main.says}; with 95 % confidence intervals",
            plots.intervals(bars, f"{label} of {one.suite.name}"),
        )
    )
    if one.against:
        base = one.baseline
        assert base is not None
        bars = [
            plots.Bar(each.side.name, figure, f"{100 * figure.value:+.1f}", each.side.number)
            for each in one.against
            for figure in [each.differences[one.main.name]]
        ]
        said = f"{label.lower()}, points above or below {base.name} on the same prompts (paired bootstrap)"
        plotted.append((f"Against {base.name}", said, plots.differences(bars, f"{label} against {base.name}")))
    by_name = {metric.name: metric for metric in one.columns}
    dots = [
        plots.Dot(side.name, by_name["seconds"].figure(side.outcomes), one.main.figure(side.outcomes), side.number)
        for side in one.sides
    ]
    plotted.append(
        (
            "What it takes",
            "seconds from asking to the app, at the median; up and left is better",
            plots.against_time(dots, f"{label} by seconds", "seconds, median", label.lower()),
        )
    )
    rows = [plots.Stack(side.name, parts, f"{sum(parts):.2f} s") for side, parts in one.stages if sum(parts)]
    if rows:
        plotted.append(
            (
                "Where the time goes",
                "an answer of median length, by stage",
                plots.stacks(rows, STAGES, "Seconds by stage"),
            )
        )
    return {
        "of": one,
        "plots": [(title, said, Markup(svg)) for title, said, svg in plotted],  # noqa: S704
        "beside": _beside(one, pictures, seed),
    }


def _bar(side: Side, one: Section) -> plots.Bar:
    figure = one.main.figure(side.outcomes)
    return plots.Bar(side.name, figure, spell("share", figure.value), side.number)


def _beside(one: Section, count: int, seed: int) -> list[Beside]:
    """Some prompts with all their apps: drawn by the seed, not chosen."""
    if one.suite.edits or not count:
        return []
    known = [(side, side.by_case()) for side in one.sides]
    cases = [case for case in one.suite.cases if all(case.id in outcomes for _, outcomes in known)]
    chosen = Random(seed + 1).sample(cases, min(count, len(cases)))  # noqa: S311
    asked = [(case, side, outcomes[case.id]) for case in chosen for side, outcomes in known]
    shown = list(show_all("" if outcome.problems or outcome.error else outcome.text for _, _, outcome in asked))
    apps = [(case, (side, outcome, picture)) for (case, side, outcome), picture in zip(asked, shown, strict=True)]
    return [Beside(case, tuple(app for of, app in apps if of is case)) for case in chosen]


def _loads(sections: Sequence[Section]) -> tuple[float, float]:
    """How busy the machine was while it was asked: the median and the most."""
    found = sorted(outcome.load for one in sections for side in one.sides for outcome in side.outcomes)
    return (found[len(found) // 2], found[-1]) if found else (0.0, 0.0)


def missing(outcome: Outcome) -> list[Fault]:
    """What was demanded and is not there."""
    return [fault for fault in outcome.faults if is_demand(fault)]


def breaks(name: str) -> Markup:
    """A name that may be broken where people would."""
    return Markup(re.sub(r"([:/#-]|(?<=\w)[._](?=\w))", r"\1<wbr>", str(escape(name))))  # noqa: S704


@lru_cache(maxsize=1)
def _page() -> Any:
    shelf = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shelf.filters |= {"in_short": in_short, "breaks": breaks, "spell": lambda value, unit: spell(unit, value)}
    shelf.globals |= {"met": met, "seconds": seconds, "missing": missing}
    return shelf.get_template("page.html")
