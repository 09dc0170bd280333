"""`espalier studio`: reads its options, opens the studio, serves it, and tells the person at the terminal where it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import webbrowser
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

err = Console(stderr=True, highlight=False, soft_wrap=True)


def studio(
    port: Annotated[
        int | None,
        typer.Option(
            help="The port; 0 takes any free one. When it is taken, the next free one is.",
            min=0,
            max=65535,
            show_default="8000",
        ),
    ] = None,
    apps_port: Annotated[
        int | None,
        typer.Option(help="The port of the apps that are made here.", min=0, max=65535, show_default="8001"),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.", show_default="127.0.0.1"),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="The folder for everything that is made.", show_default="espalier-data"),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")] = False,
) -> None:
    """Build apps by describing them.

    Say in a sentence what an app is for; it appears while it is written, is checked, and can be used, changed, published and taken
    away. On this machine alone nobody logs in. With --host 0.0.0.0 everybody does: the first start prints a link that makes the owner.
    """
    from espalier.config import SettingsError, load
    from espalier.model.errors import ModelError
    from espalier.runtime.server import CannotServe, listen

    from . import accounts
    from .errors import StudioError
    from .server import serve
    from .studio import Studio

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("espalier").setLevel(logging.INFO)
    try:
        settings = load(host=host, port=port, apps_port=apps_port, data=data)
        one, as_asked = listen(settings.host, settings.port)
        here = one.getsockname()[1]
        # Of the free ports the apps get one that is not the studio's own.
        wanted = (
            settings.apps_port if settings.apps_port not in (0, here) else 0 if not settings.apps_port else here + 1
        )
        other, _ = listen(settings.host, wanted)
        made = Studio(settings, port=here, apps_port=other.getsockname()[1])
    except (SettingsError, CannotServe, ModelError) as error:
        _fail(str(error))
    except StudioError as error:
        _fail(f"{error.words} {error.todo}")

    def ready() -> None:
        if not as_asked:
            err.print(f"[yellow]Port {settings.port} is taken by another program[/], so this is another one.")
        err.print(f"The studio is at [link={made.address}/]{escape(made.address)}/[/link]")
        err.print(f"Apps are at [link={made.hosting.base()}/]{escape(made.hosting.base())}/[/link]")
        if not made.alone:
            if not settings.base_url:
                err.print(
                    "[yellow]Other machines can reach this.[/] Set base_url to how they do, and put a server that speaks https before it."
                )
            if secret := accounts.welcome(made):
                link = f"{made.address}/welcome/{secret}"
                err.print(f"\nNobody has an account yet. Make yours, the owner's:\n\n    [link={link}]{link}[/link]\n")
        err.print("Stop with Ctrl-C.")
        if browser:
            webbrowser.open(made.address)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(made, (one, other), ready))
    err.print("Stopped.")


def register(cli: typer.Typer) -> None:
    """Add the command to the command line."""
    cli.command()(studio)


def _fail(words: str) -> NoReturn:
    err.print(f"[red]{escape(words)}[/]")
    raise typer.Exit(1)
