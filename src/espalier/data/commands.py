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
    extra: Annotated[
        list[Path] | None, typer.Option(help="A folder of more pairs, such as distilled ones.", show_default=False)
    ] = None,
    meaning: Annotated[
        bool, typer.Option("--meaning/--no-meaning", help="Compare with evaluations by meaning too.")
    ] = True,
    drop: Annotated[
        bool, typer.Option("--drop", help="Leave out what resembles an evaluation, and list it, instead of failing.")
    ] = False,
    memory: Annotated[
        Path | None, typer.Option(help="The file that remembers what was judged.", show_default=False)
    ] = None,
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
    for id, why in manifest["left out"].items():
        err.print(f"left out {id}: {why}", markup=False)
    err.print(f"{counts['rows']} rows with {counts['edits']} edits in {out}")


@commands.command()
def fingerprint(
    files: Annotated[list[Path], typer.Argument(help="Evaluation files: JSON lines with prompts.", show_default=False)],
    into: Annotated[Path, typer.Option(help="Where to keep the fingerprints.")] = Path(
        "src/espalier/data/fingerprints"
    ),
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


@commands.command()
def distil(
    prompts: Annotated[Path, typer.Argument(help="Prompts to ask: JSON lines with `prompt`.", show_default=False)],
    out: Annotated[Path, typer.Argument(help="The file of pairs to write, or to go on with.", show_default=False)],
    endpoint: Annotated[
        str, typer.Option(help="The teacher: the name of a model, or https://server/v1#model.", show_default=False)
    ],
    tries: Annotated[int, typer.Option(help="Answers to a prompt before it is given up.", min=1, max=64)] = 4,
    enough: Annotated[float, typer.Option(help="The least share of what a prompt demands.", min=0, max=1)] = 0.8,
    at_once: Annotated[int, typer.Option(help="Prompts asked side by side.", min=1, max=64)] = 2,
    licence: Annotated[
        str, typer.Option(help="Under which terms the answers may be used.")
    ] = "see the terms of the teacher",
) -> None:
    """Let a stronger model write pairs, and keep those that pass the check.

    Run it again to go on where it stopped. Put the file in a folder and give it to `espalier data build --extra`.
    """
    import asyncio

    from espalier.config import load
    from espalier.model.endpoints import open_endpoint
    from espalier.model.errors import ModelError

    from .distil import Outcome, Terms, prompts_of
    from .distil import distil as ask_teacher

    def told(outcome: Outcome) -> None:
        said = "kept" if outcome.blueprint else f"rejected, {outcome.why}"
        err.print(f"{outcome.prompt[:60]!r}: {said}", markup=False)

    async def run() -> tuple[int, int]:
        teacher = open_endpoint(endpoint, load())
        try:
            return await ask_teacher(
                teacher, prompts_of(prompts), out, Terms(tries, enough, at_once, licence=licence), on_outcome=told
            )
        finally:
            await teacher.close()

    try:
        kept, rejected = asyncio.run(run())
    except (ModelError, ValueError, OSError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from None
    err.print(f"{kept} kept, {rejected} rejected; {out}", markup=False)


@commands.command()
def forget(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Dataset folders, or folders of pairs.", show_default=False)
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder of the studio's data.", show_default="espalier-data")
    ] = None,
) -> None:
    """Take out of datasets what came from builds that were forgotten, and name the adapters that learned it.

    What was exported from traces is gone through too.
    """
    from .traces.commands import forget_in_datasets

    forget_in_datasets(folders or [], data)


@commands.command()
def heldout(
    out: Annotated[Path, typer.Argument(help="The file to write.")] = Path(
        "src/espalier/evals/suites/heldout_generated.jsonl"
    ),
    number: Annotated[int, typer.Option(help="How many prompts.", min=1)] = 60,
    memory: Annotated[
        Path | None, typer.Option(help="The file that remembers what was judged.", show_default=False)
    ] = None,
) -> None:
    """Write the generated half of the held-out suite: prompts of domains that are never trained on, with rubrics."""
    import json

    from .generate.held_out import suite
    from .memory import Memory
    from .proof import Court

    with Court(Memory(memory)) as court:
        lines = suite(number, court)
    out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    err.print(f"{len(lines)} prompts in {out}", markup=False)
