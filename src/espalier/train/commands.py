"""`espalier train`: supervised training from the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

commands = typer.Typer(
    name="train",
    help="""Train an adapter of your own.

One dial, the time there is:  [bold]espalier train sft --budget 2h[/]. It looks at the machine (processor, one device or several), measures how
fast it learns, and chooses the rest. A run that was killed goes on with  [bold]espalier train resume[/].""",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@commands.command()
def sft(
    budget: Annotated[str, typer.Option(help="How long training may take, such as 30m, 2h or 1h30m.")] = "2h",
    tier: Annotated[str, typer.Option(help="Which base to train: small or standard.")] = "small",
    data: Annotated[Path, typer.Option(help="The dataset, a folder made by `espalier data build`.")] = Path(
        "espalier-dataset"
    ),
    out: Annotated[Path | None, typer.Option(help="The run's folder.", show_default="espalier-training/TIER")] = None,
    begin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A run, or an exported adapter, to go on from with new data or more time.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="What the adapter is called.", show_default="the folder's name")] = "",
    track: Annotated[
        bool, typer.Option("--track/--no-track", help="Keep the run in MLflow (espalier-training/mlflow.db).")
    ] = True,
) -> None:
    """Learn from a dataset (supervised).

    Loss on the answer only; a checkpoint a minute; progress with the time left. What comes out is in OUT/export: the adapter for llama.cpp,
    with a manifest, a card, and the measured agreement of llama.cpp with PyTorch. `espalier models use OUT/export` puts it to use.
    """
    from espalier.config import SettingsError, load
    from espalier.model import bases, store

    from .job import Job
    from .recipe import RECIPES, BadBudget, seconds_of

    try:
        seconds = seconds_of(budget)
    except BadBudget as error:
        _fail(str(error))
    if tier not in RECIPES:
        _fail(f"There is no tier `{tier}`: choose one of {', '.join(RECIPES)}.")
    folder = out or Path("espalier-training") / tier
    if (folder / "job.json").is_file():
        _fail(
            f"{folder} holds a run already. `espalier train resume {folder}` goes on with it; --out names another folder."
        )
    try:
        settings = load()
    except SettingsError as error:
        _fail(str(error))
    base = bases.tiers()[tier]
    file = store.find(base, settings) or store.pull(base, settings)
    job = Job(
        name=name or folder.name,
        tier=tier,
        base=base.name,
        base_file=str(file.resolve()),
        base_sha256=base.sha256,
        dataset=str(data.resolve()),
        recipe=replace(RECIPES[tier]),
        budget=seconds,
        begin=str((begin / "adapter" if (begin / "adapter").is_dir() else begin).resolve()) if begin else "",
        track=f"sqlite:///{(folder.resolve().parent / 'mlflow.db')}" if track else "",
    )
    job.write(folder)
    _run(folder)


@commands.command()
def resume(folder: Annotated[Path, typer.Argument(help="The folder of a run that was stopped.")]) -> None:
    """Go on with a run from its last checkpoint, on this machine or another."""
    _run(folder)


def _run(folder: Path) -> None:
    from .job import TrainingError, run

    err.print(f"Training in [bold]{folder}[/]. Ctrl-C stops it; nothing older than a minute is lost.")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
        console=err,
    ) as bars:
        task = bars.add_task("getting ready", total=1.0)

        def tell(line: dict[str, Any]) -> None:
            words = f"step {line['step']}/{line['of']}, loss {line['loss']:.3f}, {line['tokens_a_second']:.0f} tokens/s"
            bars.update(task, completed=min(1.0, line["share"]), description=words)

        try:
            run(folder, tell, lambda words: bars.console.print(words))
        except TrainingError as error:
            bars.stop()
            _fail(str(error))
        except KeyboardInterrupt:
            bars.stop()
            err.print(f"Stopped. `espalier train resume {folder}` goes on.")
            raise typer.Exit(130) from None
    err.print(f"Done: {folder / 'export'}")


def _fail(words: str) -> None:
    err.print(f"[red]{words}[/]")
    raise typer.Exit(1)
