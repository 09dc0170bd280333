"""A report for people: the score, what failed with where, why and what to write instead, and what passed in one line."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .report import GROUPS, Report, Result

TITLES = {
    "static": "As it is written",
    "use": "In use",
    "asked": "What was asked",
    "browser": "In a browser",
    "look": "Looks",
}
SHOWN = 5  # findings of one check, unless all are wanted


def show(report: Report, console: Console, name: str = "", *, everything: bool = False, times: bool = False) -> None:
    """Print a report. name: of the file; everything: all findings; times: what each check took."""
    title = f"[bold]{escape(report.app or name)}[/]" + (f" [dim]{escape(name)}[/]" if report.app and name else "")
    console.print(f"{title}  [bold {_color(report.score)}]{report.score:.2f}[/]{_parts(report)}")
    for problem in report.problems:
        console.print(f"  [red]{escape(problem)}[/]")
    if report.unfinished:
        console.print(f"  [red]Not finished: {escape(report.unfinished)}.[/]")
    for group in GROUPS:
        failed = [result for result in report.group(group) if result.state == "failed"]
        if failed:
            console.print(f"\n  [bold]{TITLES[group]}[/]")
            for result in sorted(failed, key=_loss, reverse=True):
                _show_result(result, console, everything)
    if report.results:
        console.print(f"\n  [dim]{_rest(report)}[/]")
    if times:
        _show_times(report, console)


def _parts(report: Report) -> str:
    if not report.results:
        return ""
    asked = f" · asked {report.asked:.2f}" if report.group("asked") else ""
    gates = f" · gates {report.gates:.2f}" if report.gates < 1 else ""
    return f"  [dim]works {report.works:.2f}{asked}{gates} · {report.seconds * 1000:,.0f} ms[/]"


def _color(score: float) -> str:
    return "green" if score >= 0.9 else "yellow" if score >= 0.6 else "red"


def _loss(result: Result) -> float:
    """How much a failed check costs, gates first."""
    return (1000 if result.gate else result.weight) * (1 - (result.share or 0))


def _show_result(result: Result, console: Console, everything: bool) -> None:
    looked_at = f" of {result.looked_at}" if result.looked_at > 1 else ""
    gate = " [bold red](nothing counts without it)[/]" if result.gate else ""
    met = f"{result.share:.0%}{looked_at}"
    console.print(f"  [red]✗[/] {escape(result.says or result.name)}{gate} [dim]{met} · {escape(result.name)}[/]")
    findings = result.findings if everything else result.findings[:SHOWN]
    for finding in findings:
        where = f"[bold]{escape(finding.where)}[/]: " if finding.where else ""
        console.print(f"      {where}{escape(finding.why) or f'{finding.share:.0%}'}")
        if finding.suggestion:
            console.print(f"        [green]{escape(finding.suggestion)}[/]")
    if left := len(result.findings) - len(findings):
        console.print(f"      [dim]and {left} more; --all shows them[/]")


def _rest(report: Report) -> str:
    passed = Counter(result.group for result in report.results if result.state == "passed")
    by_group = ", ".join(f"{group} {passed[group]}" for group in GROUPS if passed[group])
    without = sum(result.state == "not applicable" for result in report.results)
    said = f"{passed.total()} passed" + (f" ({by_group})" if by_group else "")
    return said + (f", {without} with nothing to look at" if without else "") + "."


def _show_times(report: Report, console: Console) -> None:
    table = Table("check", "group", "ms", box=None, header_style="dim", padding=(0, 2))
    table.columns[2].justify = "right"
    for result in sorted(report.results, key=lambda one: -one.seconds):
        table.add_row(escape(result.name), result.group, f"{result.seconds * 1000:.1f}")
    console.print()
    console.print(table)
    if "starting" in report.notes:
        console.print(
            f"  [dim]The app started in {report.notes['starting'] * 1000:.0f} ms; {report.notes.get('visits', 0)} visits "
            f"took {report.notes.get('visiting', 0) * 1000:.0f} ms of the above.[/]"
        )
