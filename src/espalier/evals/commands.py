"""`espalier eval`: endpoints compared on the same questions, from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from .outcome import Outcome

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def evaluate(
    suite: Annotated[
        list[str] | None,
        typer.Option(
            help="What to ask: heldout, dev, gallery, webgen, edits, or a file of JSON lines. Again for more.",
            show_default=False,
        ),
    ] = None,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(
            help="Whom to ask: small, standard, base:small, qwen-1.5b, http://server/v1#model, replay:FILE. Again for more.",
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        str, typer.Option(help="The endpoint that the others are held against.", show_default="the last one")
    ] = "",
    to: Annotated[Path, typer.Option("--out", help="The folder of the run: answers, report.html and table.md.")] = Path(
        "espalier-eval"
    ),
    samples: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Answers at most, of which the best is taken.", show_default="as for people"),
    ] = None,
    grammar: Annotated[
        bool, typer.Option("--grammar/--no-grammar", help="Hold answers to the language as they are written.")
    ] = True,
    repair: Annotated[
        bool, typer.Option("--repair/--no-repair", help="Tell the model once what is wrong with its app.")
    ] = True,
    mend: Annotated[bool, typer.Option("--mend/--no-mend", help="Put right by rules what does not read.")] = True,
    limit: Annotated[
        int,
        typer.Option(
            min=0, help="No more than so many questions of each suite, drawn by the seed.", show_default="all"
        ),
    ] = 0,
    seed: Annotated[int, typer.Option(help="For drawing and for sampling: the same seed, the same run.")] = 0,
    pictures: Annotated[
        int, typer.Option(min=0, max=50, help="Prompts of each suite whose apps are shown side by side.")
    ] = 3,
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Ask nothing: draw the report of what was answered.")
    ] = False,
    judge_again: Annotated[
        bool,
        typer.Option("--judge-again", help="Ask nothing: judge what was answered once more, by the checks of today."),
    ] = False,
) -> None:
    """Compare models on the same questions.

    Every question is asked of all endpoints in turn; each app is judged by the suite's rubric and by the checks, each edit by what it
    changed. The report says how good, how fast and how dear each is, with confidence intervals, and shows what was built.

        espalier eval --suite heldout --suite edits --endpoint small --endpoint qwen-1.5b --out runs/first

    A run that was stopped goes on with the same command, and endpoints can be added to it later. Models that were not trained by us
    are given the reference card and two examples. Seconds count what a person would wait; to be worth something they want a machine
    that does nothing else. What the suites and the figures are: docs/evals.md.
    """
    from .folder import Folder, OtherRun
    from .suites import SuiteError, load

    told = _told(to)
    names = suite or list(told.get("plan", {}).get("suites", {}))
    endpoints = list(dict.fromkeys(endpoint or told.get("endpoints", [])))
    if not names or not endpoints:
        raise typer.BadParameter(
            "say what to ask and whom: --suite heldout --endpoint small", param_hint="--suite, --endpoint"
        )
    baseline = baseline or (endpoints[-1] if len(endpoints) > 1 else "")
    if baseline and baseline not in endpoints:
        raise typer.BadParameter(
            f"`{baseline}` is none of the endpoints: {', '.join(endpoints)}", param_hint="--baseline"
        )
    settings = _settings()
    try:
        chosen = [load(name, settings.eval_data) for name in dict.fromkeys(names)]
        if told and (report_only or judge_again):
            limit, seed = told["plan"]["limit"], told["plan"]["seed"]
            folder = Folder(to, _plan_of(told), endpoints)
        else:
            folder = Folder(to, _plan(chosen, samples, grammar, repair, mend, limit, seed), endpoints)
    except (SuiteError, OtherRun) as error:
        _fail(str(error))
    from .run import limited

    chosen = [limited(one, limit, seed) for one in chosen]
    if judge_again:
        with _progress("Judging") as tell:
            _judge_again(folder, chosen, endpoints, tell)
    elif not report_only:
        with _progress("Asking") as tell:
            _ask(folder, chosen, endpoints, settings, tell)
    _report(folder, chosen, endpoints, baseline, settings, pictures)


def _plan(
    chosen: Sequence[Any], samples: int | None, grammar: bool, repair: bool, mend: bool, limit: int, seed: int
) -> Any:
    from espalier.model.build import How

    from .run import plan_of

    how = How(grammar=grammar, repair=repair, mend=mend, seed=seed)
    return plan_of(chosen, replace(how, samples=samples) if samples else how, limit, seed)


def _plan_of(told: dict[str, Any]) -> Any:
    from .folder import Plan

    return Plan(**told["plan"])


def _told(folder: Path) -> dict[str, Any]:
    from .folder import Folder, OtherRun

    try:
        return Folder.told(folder)
    except OtherRun as error:
        _fail(str(error))


def _ask(folder: Any, chosen: Sequence[Any], endpoints: Sequence[str], settings: Any, tell: Any) -> None:
    from espalier.model.build import How
    from espalier.model.errors import ModelError

    from .folder import Folder
    from .run import run

    how = How(**Folder.told(folder.path)["plan"]["how"])
    try:
        asyncio.run(run(folder, chosen, endpoints, how, settings, tell))
    except ModelError as error:
        _fail(f"{error}\nWhat was answered is kept in {folder.path}; the same command goes on from there.")
    except KeyboardInterrupt:
        _fail(f"Stopped. What was answered is kept in {folder.path}; the same command goes on from there.")


def _judge_again(folder: Any, chosen: Sequence[Any], endpoints: Sequence[str], tell: Any) -> None:
    from .run import judge_again

    asyncio.run(judge_again(folder, chosen, endpoints, tell))


def _report(
    folder: Any, chosen: Sequence[Any], endpoints: Sequence[str], baseline: str, settings: Any, pictures: int
) -> None:
    from .report import TABLE, write

    path = write(folder, chosen, endpoints, baseline, settings, pictures)
    out.print((folder.path / TABLE).read_text("utf-8"), markup=False)
    out.print(f"The report: [bold]{escape(str(path))}[/]")


@contextmanager
def _progress(doing: str) -> Iterator[Callable[[Outcome, int, int], None]]:
    """A bar with the time that is left, and what came of the last question."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[last]}"), console=err
    )  # fmt: skip
    with bar:
        task = bar.add_task(doing, total=None, last="")

        def tell(outcome: Outcome, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, last=f"{outcome.endpoint} {outcome.case}: {_said(outcome)}")

        yield tell


def _said(outcome: Outcome) -> str:
    if outcome.error:
        return "no answer"
    if outcome.is_edit:
        return "done" if outcome.done and outcome.clean else "done, and more" if outcome.done else "not done"
    return f"{outcome.score:.2f}"


def _settings() -> Any:
    from espalier.config import SettingsError, load

    try:
        return load()
    except SettingsError as error:
        _fail(str(error))


def _fail(words: str) -> NoReturn:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)
