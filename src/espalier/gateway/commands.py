"""`espalier gateway ...`: the server alone, and the keys of those who may ask. Each command reads its options, calls the room, and tells
how it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from espalier.config import Settings

    from .keys import Keys

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

commands = typer.Typer(
    name="gateway",
    help="""Ask models as any OpenAI client does.

[bold]espalier gateway[/] serves /v1/chat/completions and /v1/models in front of the models that the settings name, with their routes,
budgets and limits. Programs on this machine need no key until one is made:  [bold]espalier gateway key NAME[/]""",
    invoke_without_command=True,
    rich_markup_mode="rich",
)
Data = Annotated[
    Path | None, typer.Option("--data", help="The folder for databases and the like.", show_default="espalier-data")
]
Name = Annotated[str, typer.Argument(help="What the key is called.", show_default=False)]


@commands.callback()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="The port; 0 takes any free one.", min=0, max=65535, show_default="8000")
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.", show_default="127.0.0.1"),
    ] = None,
    data: Data = None,
) -> None:
    """Serve."""
    if context.invoked_subcommand:
        return
    import logging

    from espalier.model.errors import ModelError

    from .serving import CannotListen, run
    from .telemetry import NoExporter

    settings = _settings(host=host, port=port, data=data)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")

    def ready(address: str) -> None:
        err.print(f"OpenAI-compatible, at [bold]{address}/v1[/]. Stop with Ctrl-C.")
        if settings.host not in ("127.0.0.1", "localhost", "::1"):
            err.print("Other machines need a key: espalier gateway key NAME")

    try:
        run(settings, ready)
    except (ModelError, CannotListen, NoExporter) as error:
        _fail(str(error))


@commands.command()
def key(
    name: Name,
    account: Annotated[
        str, typer.Option(help="Whose questions it asks, for budgets and limits.", show_default="the name")
    ] = "",
    data: Data = None,
) -> None:
    """Make a key, and show it this once.

    With the first key, everybody needs one, on this machine too.
    """
    from .keys import KeyTaken

    with _keys(data) as keys:
        try:
            secret = keys.make(name, account)
        except KeyTaken as error:
            _fail(str(error))
    print(secret)
    err.print("This is shown once; only its hash is kept. Whoever has it asks at your cost.")


@commands.command(name="keys")
def list_keys(data: Data = None) -> None:
    """List the keys, without what is secret of them."""
    with _keys(data) as keys:
        there = keys.all()
    for one in there:
        made = datetime.fromtimestamp(one.made, UTC).date().isoformat()
        out.print(f"{escape(one.name)}  for {escape(one.account)}, made {made}")
    if not there:
        out.print("None: programs on this machine need none, others are refused. Make one: espalier gateway key NAME")


@commands.command()
def revoke(name: Name, data: Data = None) -> None:
    """Take a key away. A running server knows within seconds."""
    with _keys(data) as keys:
        if not keys.remove(name):
            _fail(f"There is no key `{name}`. espalier gateway keys lists them.")
    out.print(f"Took {escape(name)} away.")


@contextmanager
def _keys(data: Path | None) -> Iterator[Keys]:
    from sqlalchemy.exc import SQLAlchemyError

    from .keys import Keys
    from .store import FILE, open_store

    settings = _settings(data=data)
    try:
        engine = open_store(settings.data)
    except (OSError, SQLAlchemyError) as error:
        _fail(f"{settings.data / FILE} cannot be opened: {error}")
    try:
        yield Keys(engine)
    finally:
        engine.dispose()


def _settings(**given: Any) -> Settings:
    from espalier.config import SettingsError, load

    try:
        return load(**given)
    except SettingsError as error:
        _fail(str(error))


def _fail(words: str) -> NoReturn:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)
