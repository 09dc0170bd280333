"""What became of builds: kept, edited, regenerated, compared, thumbs, published and so on, each a row joined by the build's id.

The kinds are those of the traces (data/traces), which take them from here; nothing is decided by them in this room.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from . import store as tables

if TYPE_CHECKING:
    from .store import Store

KINDS = (
    "kept",
    "edited",
    "regenerated",
    "compared",
    "thumbs",
    "published",
    "unpublished",
    "deleted",
    "dropped",
    "follow_up",
    "visited",
    "failed_at_runtime",
)


def note(store: Store, build: str, account: str, kind: str, **detail: Any) -> None:
    """Keep an outcome of a build; without a build (an app from the gallery) there is nothing to keep."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is no outcome; there are {', '.join(KINDS)}")
    if not build:
        return
    with store.write() as connection:
        connection.execute(
            insert(tables.outcome).values(build=build, account=account, kind=kind, detail=detail, at=time.time())
        )
    store.told(build, account, kind, detail)


def of(store: Store, build: str) -> list[dict[str, Any]]:
    """The outcomes of a build, in order."""
    outcome = tables.outcome
    with store.read() as connection:
        rows = connection.execute(select(outcome).where(outcome.c.build == build).order_by(outcome.c.id)).mappings()
        return [{"kind": row["kind"], "detail": row["detail"], "at": row["at"]} for row in rows]


def build_of(store: Store, app: str, number: int) -> str:
    """The build that a version stands on: its own, or that of the nearest version before it; empty when there is none."""
    version = tables.version
    with store.read() as connection:
        rows = {
            row.number: row
            for row in connection.execute(
                select(version.c.number, version.c.parent, version.c.build).where(version.c.app == app)
            )
        }
    at: int | None = number
    while at is not None and at in rows:
        if rows[at].build:
            return str(rows[at].build)
        at = rows[at].parent
    return ""
