"""Plots as SVG, drawn to be read in light and dark and without a script: colours and type come from the page's sheet.

Each takes plain numbers and gives the text of one `<svg>`. Series are known by their place, `s0`, `s1`..., whose colours the sheet has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..bootstrap import Interval

WIDTH = 480
LABEL = 134  # room for names on the left
RIGHT = 78  # room for figures on the right
ROW = 34


@dataclass(frozen=True)
class Bar:
    """A row of a plot: what it is called, its figure, how that is spelled, and which series it belongs to."""

    name: str
    figure: Interval
    spelled: str
    series: int


@dataclass(frozen=True)
class Dot:
    """A point with the ranges that it may be in."""

    name: str
    x: Interval
    y: Interval
    series: int


@dataclass(frozen=True)
class Stack:
    """A row of parts that add up, in the same unit."""

    name: str
    parts: Sequence[float]
    spelled: str


def intervals(bars: Sequence[Bar], title: str, *, low: float = 0, high: float = 1, goal: float | None = None) -> str:
    """Figures with the ranges that they are sure to be in, on a scale of percent."""
    scale = _Scale(low, high, LABEL, WIDTH - RIGHT)
    height = ROW * len(bars) + 34
    parts = [_ticks(scale, [low + (high - low) * at / 4 for at in range(5)], height, percent)]
    if goal is not None:
        parts.append(f'<line class="goal" x1="{scale(goal):.1f}" x2="{scale(goal):.1f}" y1="4" y2="{height - 26}"/>')
    for at, bar in enumerate(bars):
        parts.append(_interval(bar, scale, ROW * at + ROW / 2 + 4, from_zero=True))
    return _svg(height, title, parts)


def differences(bars: Sequence[Bar], title: str) -> str:
    """Differences in points, with zero in the plot: what does not touch the line is no accident."""
    reach = max([0.1, *(abs(end) for bar in bars for end in (bar.figure.low, bar.figure.high) if end == end)])
    step = next(step for step in (0.05, 0.1, 0.2, 0.25, 0.5, 1, 2) if reach / step <= 4)
    most = math.ceil(reach / step) * step
    least = -most if any(bar.figure.low < 0 for bar in bars) else -step
    scale = _Scale(least, most, LABEL, WIDTH - RIGHT)
    height = ROW * len(bars) + 34
    marks = [least + step * at for at in range(round((most - least) / step) + 1)]
    parts = [_ticks(scale, marks, height, points)]
    parts.append(f'<line class="zero" x1="{scale(0):.1f}" x2="{scale(0):.1f}" y1="2" y2="{height - 26}"/>')
    parts += [_interval(bar, scale, ROW * at + ROW / 2 + 4) for at, bar in enumerate(bars)]
    return _svg(height, title, parts)


def against_time(dots: Sequence[Dot], title: str, x_label: str, y_label: str) -> str:
    """What a figure costs in seconds: up and left is better. Seconds on a scale of doublings."""
    height, left, bottom = 300, 54, 46
    ends = [end for dot in dots for end in (dot.x.low, dot.x.high, dot.x.value) if end and end > 0]
    low, high = min([1, *ends]) / 1.3, max([2, *ends]) * 1.45
    across = _Scale(math.log(low), math.log(high), left, WIDTH - 24)
    up = _Scale(0, 1, height - bottom, 14)
    marks = [mark for mark in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if low <= mark <= high]
    parts = [
        f'<line class="grid" x1="{left}" x2="{WIDTH - 24}" y1="{up(at):.1f}" y2="{up(at):.1f}"/>'
        f'<text class="tick" x="{left - 10}" y="{up(at) + 4:.1f}" text-anchor="end">{percent(at)}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts += [
        f'<line class="grid" x1="{across(math.log(mark)):.1f}" x2="{across(math.log(mark)):.1f}" y1="14" y2="{height - bottom}"/>'
        f'<text class="tick" x="{across(math.log(mark)):.1f}" y="{height - bottom + 20}" text-anchor="middle">{mark:g}</text>'
        for mark in marks
    ]
    parts.append(f'<text class="axis" x="{WIDTH - 24}" y="{height - 6}" text-anchor="end">{escape(x_label)}</text>')
    parts.append(f'<text class="axis" x="{left + 8}" y="28">{escape(y_label)}</text>')
    taken: list[tuple[float, float]] = []
    for dot in sorted(dots, key=lambda dot: dot.x.value):
        if not dot.x.value > 0 or dot.y.value != dot.y.value:
            continue
        x, y = across(math.log(dot.x.value)), up(dot.y.value)
        wide = [across(math.log(max(low, end))) for end in (dot.x.low, dot.x.high)]
        at_right = x < WIDTH * 0.66
        beside = y - 10
        while any(abs(beside - other) < 15 and abs(x - there) < 130 for there, other in taken):
            beside += 15
        taken.append((x, beside))
        parts.append(
            f'<g class="s{dot.series}"><line class="range" x1="{wide[0]:.1f}" x2="{wide[1]:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<line class="range" x1="{x:.1f}" x2="{x:.1f}" y1="{up(dot.y.low):.1f}" y2="{up(dot.y.high):.1f}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5"/>'
            f'<text class="name" x="{x + (11 if at_right else -11):.1f}" y="{beside:.1f}" text-anchor="{"start" if at_right else "end"}">{escape(dot.name)}</text></g>'
        )
    return _svg(height, title, parts)


def stacks(rows: Sequence[Stack], names: Sequence[str], title: str) -> str:
    """Where the time goes: parts of a whole, one row each, on one scale of seconds, with a legend."""
    most = max([0.001, *(sum(row.parts) for row in rows)])
    scale = _Scale(0, most, LABEL, WIDTH - RIGHT)
    height = ROW * len(rows) + 58
    parts: list[str] = []
    for number, name in enumerate(names):
        x, y = 8 + number % 3 * WIDTH / 3, 5 + number // 3 * 20
        parts.append(
            f'<rect class="p{number}" x="{x:.1f}" y="{y}" width="10" height="10" rx="2"/><text class="tick" x="{x + 16:.1f}" y="{y + 9}">{escape(name)}</text>'
        )
    for at, row in enumerate(rows):
        y, x = ROW * at + 56, float(scale(0))
        parts.append(
            f'<text class="name" x="{LABEL - 14}" y="{y + 15}" text-anchor="end">{escape(_short(row.name))}</text>'
        )
        for number, part in enumerate(row.parts):
            wide = max(0.0, scale(part) - scale(0))
            if wide >= 0.4:
                parts.append(
                    f'<rect class="p{number}" x="{x:.1f}" y="{y}" width="{max(0.5, wide - 1):.1f}" height="20" rx="2"><title>{escape(names[number])}: {part:.2f} s</title></rect>'
                )
            x += wide
        parts.append(f'<text class="value" x="{x + 8:.1f}" y="{y + 15}">{escape(row.spelled)}</text>')
    return _svg(height, title, parts)


class _Scale:
    """Numbers to pixels, in a straight line; what is outside stays at the end."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))


def _interval(bar: Bar, scale: _Scale, y: float, from_zero: bool = False) -> str:
    name = f'<text class="name" x="{LABEL - 14}" y="{y + 4:.1f}" text-anchor="end">{escape(_short(bar.name))}<title>{escape(bar.name)}</title></text>'
    value = f'<text class="value" x="{WIDTH - RIGHT + 14}" y="{y + 4:.1f}">{escape(bar.spelled)}</text>'
    if bar.figure.value != bar.figure.value:
        return name + value
    x, low, high = scale(bar.figure.value), scale(bar.figure.low), scale(bar.figure.high)
    base = (
        f'<rect class="bar" x="{scale.start:.1f}" y="{y - 8:.1f}" width="{max(0, x - scale.start):.1f}" height="16" rx="3"/>'
        if from_zero
        else ""
    )
    return (
        f'<g class="s{bar.series}">{name}{base}<line class="range" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<line class="end" x1="{low:.1f}" x2="{low:.1f}" y1="{y - 5:.1f}" y2="{y + 5:.1f}"/>'
        f'<line class="end" x1="{high:.1f}" x2="{high:.1f}" y1="{y - 5:.1f}" y2="{y + 5:.1f}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>{value}</g>'
    )


def _ticks(scale: _Scale, values: Sequence[float], height: float, spell: object) -> str:
    assert callable(spell)
    return "".join(
        f'<line class="grid" x1="{scale(value):.1f}" x2="{scale(value):.1f}" y1="2" y2="{height - 26:.1f}"/>'
        f'<text class="tick" x="{scale(value):.1f}" y="{height - 8:.1f}" text-anchor="middle">{spell(value)}</text>'
        for value in values
    )


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def points(value: float) -> str:
    return f"{100 * value:+.0f}" if round(100 * value) else "0"


def _short(name: str) -> str:
    return name if len(name) <= 19 else name[:9] + "…" + name[-9:]


def _svg(height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
