"""The gateway's own database, DATA/gateway.db: what was spent each day, and the keys of those who may ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table, create_engine, event

FILE = "gateway.db"
metadata = MetaData()

spent = Table(
    "spent",
    metadata,
    Column("day", String(10), primary_key=True),  # 2026-11-23, in UTC
    Column("account", String, primary_key=True),  # empty for nobody's in particular
    Column("dollars", Float, nullable=False),
    Column("builds", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
)
keys = Table(
    "keys",
    metadata,
    Column("name", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", Float, nullable=False),  # seconds since 1970
)


def open_store(data: Path) -> Engine:
    """The database in a data folder, made when it is not there. Raises OSError or SQLAlchemyError when it cannot be."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / FILE
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def _shared(connection: Any, _: object) -> None:
        """Several processes may have it open at once."""
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    metadata.create_all(engine)
    file.chmod(0o600)
    return engine
