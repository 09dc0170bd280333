"""`espalier data ...`: datasets on the command line. Each command reads its options, calls the room, and tells how it went."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

commands = typer.Typer(
    name="data",
    help="""Make datasets to train on.

[bold]espalier data build OUT[/] reads the corpus, generates more, proves every row and keeps evaluations out.""",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Out = Annotated[Path, typer.Argument(help="The folder to write.", show_default=False)]


@commands.command()
def build(
    out: Out,
    corpus: Annotated[Path, typer.Option(help="The folder of the corpus.")] = Path("corpus/seed"),
    generated: Annotated[int, typer.Option(help="Pairs to generate.", min=0)] = 1000,
    recombined: Annotated[int, typer.Option(help="Pairs of the corpus with something more in them.", min=0)] = 300,
    edits: Annotated[float, typer.Option(help="Edits to make for each pair, on average.", min=0, max=20)] = 1.0,
    repaired: Annotated[int, typer.Option(help="Broken apps with the patches that mend them.", min=0)] = 200,
    seed: Annotated[int, typer.Option(help="The number from which everything random follows.")] = 0,
    extra: Annotated[list[Path] | None, typer.Option(help="A folder of more pairs, such as distilled ones.", show_default=False)] = None,
    meaning: Annotated[bool, typer.Option("--meaning/--no-meaning", help="Compare with evaluations by meaning too.")] = True,
    drop: Annotated[bool, typer.Option("--drop", help="Leave out what resembles an evaluation, and list it, instead of failing.")] = False,
    memory: Annotated[Path | None, typer.Option(help="The file that remembers what was judged.", show_default=False)] = None,
) -> None:
    """Build a dataset: Parquet files and a manifest.

    The same sources, options and code give the same bytes.
    """
    from .build import Contaminated, Plan
    from .build import build as build_dataset
    from .memory import Memory
    from .pairs import CorpusError

    plan = Plan(corpus, generated, recombined, edits, repaired, seed, meaning, drop, tuple(extra or ()))
    try:
        manifest = build_dataset(out, plan, memory=Memory(memory), say=lambda words: err.print(words, markup=False))
    except (CorpusError, Contaminated) as error:
        err.print(str(error), markup=False)
        if isinstance(error, Contaminated):
            err.print("These rows must not be trained on. Say --drop to leave them out.")
        raise typer.Exit(1) from None
    counts = manifest["counts"]
    for line in manifest["left out"]:
        err.print(f"left out {line}", markup=False)
    err.print(f"{counts['rows']} rows with {counts['edits']} edits in {out}")


@commands.command()
def fingerprint(
    files: Annotated[list[Path], typer.Argument(help="Evaluation files: JSON lines with prompts.", show_default=False)],
    into: Annotated[Path, typer.Option(help="Where to keep the fingerprints.")] = Path("src/espalier/data/fingerprints"),
) -> None:
    """Take the fingerprint of an evaluation, so that no dataset resembles it where the evaluation itself is not at hand.

    It holds hashes and coarse vectors, no text.
    """
    from .decontaminate import fingerprint as take

    into.mkdir(parents=True, exist_ok=True)
    for file in files:
        made = take(file)
        (into / f"{file.stem}.json.gz").write_bytes(made.as_bytes())
        err.print(f"{file.stem}: {len(made.prompts)} prompts")
