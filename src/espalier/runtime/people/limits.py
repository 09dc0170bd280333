"""Rate limits with growing delays, kept in the database so that a restart or a second server forgets nothing."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from ..errors import TooMany
from ..storage.system import attempt

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..app import App

LONGEST_DELAY = 900
WINDOW = 3_600
FORGOTTEN = 86_400


@dataclass(frozen=True)
class Limit:
    """After `free` tries within an hour each further one waits twice as long as the one before, up to a quarter of an hour."""

    name: str
    free: int


LOGIN_ACCOUNT = Limit("login account", 5)
LOGIN_ADDRESS = Limit("login address", 20)
SIGNUP_ADDRESS = Limit("signup address", 10)
RESET_ACCOUNT = Limit("reset account", 3)
RESET_ADDRESS = Limit("reset address", 10)
TOKEN_ADDRESS = Limit("token address", 30)


def spend(app: App, *tries: tuple[Limit, str]) -> None:
    """Count a try against each limit, before it is known how it ends. Raises TooMany when one must wait; then none counts.

    A try against "" (an address that is not known) is not limited.
    """
    now = app.now().replace(tzinfo=UTC).timestamp()
    keys = [(limit, key(app, limit, what)) for limit, what in tries if what]
    with app.database.write() as connection:
        for limit, one in keys:
            made, last = connection.execute(
                select(func.count(), func.max(attempt.c.at)).where(attempt.c.key == one, attempt.c.at > now - WINDOW)
            ).one()
            if made >= limit.free:
                wait = last + min(2.0 ** min(made - limit.free, 20), LONGEST_DELAY) - now
                if wait > 0:
                    raise TooMany(int(wait) + 1)
        for _, one in keys:
            connection.execute(insert(attempt).values(key=one, at=now))
        connection.execute(delete(attempt).where(attempt.c.at < now - FORGOTTEN))


def forget(app: App, connection: Connection, limit: Limit, what: str) -> None:
    """Start anew: the try was good."""
    connection.execute(delete(attempt).where(attempt.c.key == key(app, limit, what)))


def key(app: App, limit: Limit, what: str) -> str:
    """Under which name tries are counted. A fingerprint: who tried to log in is nobody's business."""
    return app.signing.fingerprint("limit", f"{limit.name} {_network(what)}")


def _network(what: str) -> str:
    """An IPv6 address as its network: one household has as many addresses in it as it likes."""
    if ":" not in what or "@" in what:
        return what
    try:
        address = ipaddress.IPv6Address(what.partition("%")[0])
    except ValueError:
        return what
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.IPv6Network((address, 64), strict=False))
