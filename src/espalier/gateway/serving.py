"""The gateway as a server of its own: from settings to a port that answers, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from espalier.config import Settings

from .gateway import Gateway
from .server import app
from .telemetry import set_up

LEAVE = 10  # seconds that answers under way get when it is stopped


class CannotListen(OSError):
    """The port cannot be had; the words say what to do."""


def run(settings: Settings, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until stopped. ready hears the address. Raises CannotListen, and ModelError when the settings cannot be followed."""
    listening = listen(settings)
    try:
        set_up()
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(_serve(settings, listening, ready))
    finally:
        listening.close()


def listen(settings: Settings) -> socket.socket:
    """The socket. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((settings.host, settings.port))
    except OSError as error:
        one.close()
        raise CannotListen(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}. Choose another with --port."
        ) from None
    return one


async def _serve(settings: Settings, listening: socket.socket, ready: Callable[[str], None]) -> None:
    async with Gateway(settings) as gateway:
        config = uvicorn.Config(
            app(gateway),
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,  # who asks is told by their key; an address that a header states is not believed
            timeout_graceful_shutdown=LEAVE,
        )
        warming = asyncio.ensure_future(gateway.start())
        host, port = listening.getsockname()[:2]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        try:
            await uvicorn.Server(config).serve([listening])
        finally:
            warming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await warming
