"""`espalier traces ...`: what is kept of builds, on the command line. Each command reads its options, calls the room, tells how it went."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from espalier.config import Settings

    from .traces import Traces

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

commands = typer.Typer(
    name="traces",
    help="""See, export and forget what is kept of how people build.

Texts are kept of those who agreed, without personal data; of the others there are counts alone.""",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Data = Annotated[
    Path | None, typer.Option("--data", help="The folder of the studio's data.", show_default="espalier-data")
]
Account = Annotated[str, typer.Option(help="Only those of this account.", show_default="all")]


@commands.command(name="list")
def list_builds(
    account: Account = "", most: Annotated[int, typer.Option(help="How many.", min=1)] = 30, data: Data = None
) -> None:
    """List builds, newest first."""
    with _traces(data) as traces:
        rows = traces.builds(account=account or None, most=most)
    for row in rows:
        score = "  -  " if row["score"] is None else f"{row['score']:5.2f}"
        words = (
            " ".join((row["request"] or row["prompt"]).split())[:60] if row["consent"] else "(no consent: counts alone)"
        )
        number = f"/{row['candidate']}" if row["candidate"] > 1 else ""
        out.print(
            f"{_when(row['at'])}  {row['id']}{number}  {row['kind']:5} {row['state']:9} {score}  {words}", markup=False
        )
    if not rows:
        err.print("There is nothing yet. Build something in the studio, with consent in your account's settings.")


@commands.command()
def show(build: Annotated[str, typer.Argument(help="The build's id.", show_default=False)], data: Data = None) -> None:
    """Print all that is kept of a build, as JSON."""
    with _traces(data) as traces:
        trace = traces.trace(build)
    if trace is None:
        _fail(f"Nothing is kept of {build}. espalier traces list shows what there is.")
    print(json.dumps(trace.as_json(), indent=2, ensure_ascii=False))


@commands.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file of JSON lines to write.", show_default=False)],
    account: Account = "",
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Pairs to train on: only what was kept, for espalier data build --extra.")
    ] = False,
    least: Annotated[float, typer.Option(help="With --pairs: the least score.", min=0, max=1)] = 0.8,
    data: Data = None,
) -> None:
    """Write traces into a file, a build a line; those with consent only.

    What is forgotten later goes from this file too, as long as it stays where it is.
    """
    from .pairs import pairs as pairs_of

    with _traces(data) as traces:
        there = traces.traces(account=account or None, consented=True)
        rows = list(pairs_of(there, least)) if pairs else [trace.as_json() for trace in there]
        traces.exported_to(file)
        try:
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        except OSError as error:
            _fail(f"{file} cannot be written: {error.strerror}.")
    err.print(f"{len(rows)} {'pairs' if pairs else 'builds'} in {file}", markup=False)


@commands.command()
def forget(
    builds: Annotated[list[str] | None, typer.Argument(help="Ids of builds.", show_default=False)] = None,
    account: Annotated[str, typer.Option(help="All of this account.", show_default=False)] = "",
    data: Data = None,
) -> None:
    """Delete what is kept of builds or of an account, and what was exported of it. It cannot be undone.

    Datasets are gone through by:  espalier data forget FOLDER
    """
    from .forgetting import CannotForget, forget_in

    if not builds and not account:
        raise typer.BadParameter("say which builds, or --account")
    with _traces(data) as traces:
        if account:
            err.print(f"Forgot {traces.forget_account(account)} builds of {escape(account)}.")
        for build in builds or ():
            traces.forget_build(build)
            err.print(f"Forgot {escape(build)}.")
        gone, exports = traces.forgotten(), traces.exports()
    for file in exports:
        try:
            for done in forget_in(file, gone.keys()) if file.is_file() else ():
                err.print(f"{done.gone} lines taken out of {done.file}", markup=False)
        except CannotForget as error:
            err.print(str(error), markup=False)
    err.print("Now go through your datasets:  espalier data forget FOLDER")


@commands.command()
def stats(
    account: Account = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """The traces in numbers."""
    from .figures import figures

    with _traces(data) as traces:
        found = figures(traces.traces(account=account or None))
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for name, value in found.items():
        said = ", ".join(f"{key} {number}" for key, number in value.items()) if isinstance(value, dict) else value
        out.print(f"{name:13} {'-' if said in (None, '') else said}", markup=False)


def forget_in_datasets(folders: list[Path], data: Path | None) -> None:
    """`espalier data forget`: take what was forgotten out of datasets and files of pairs; name the adapters that learned it."""
    from .forgetting import CannotForget, forget_in, learned_by

    with _traces(data) as traces:
        gone, exports = traces.forgotten(), [file for file in traces.exports() if file.is_file()]
    done = []
    for place in [*folders, *exports]:
        if not place.exists():
            _fail(f"{place} does not exist.")
        try:
            done += forget_in(place, gone.keys())
        except CannotForget as error:
            _fail(str(error))
    for one in done:
        out.print(f"{one.file}: {one.gone} rows taken out, {one.left} left", markup=False)
    if not done:
        out.print(f"Nothing of the {len(gone)} forgotten builds is in there.")
    for name in learned_by(folders, done, _settings(data)):
        out.print(f"The adapter {name} was trained on what is gone: train it anew, and delete it.", markup=False)


@contextmanager
def _traces(data: Path | None) -> Iterator[Traces]:
    from sqlalchemy.exc import SQLAlchemyError

    from .store import FILE
    from .traces import Traces

    file = _settings(data).data / FILE
    if not file.is_file():
        _fail(f"There is no {file}. Say where the studio's data is: --data FOLDER")
    try:
        traces = Traces(file)
        yield traces
        traces.close()
    except (OSError, SQLAlchemyError) as error:
        _fail(f"{file} cannot be used: {error}")


def _settings(data: Path | None) -> Settings:
    from espalier.config import SettingsError, load

    try:
        return load(data=data)
    except SettingsError as error:
        _fail(str(error))


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def _fail(words: str) -> NoReturn:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)
