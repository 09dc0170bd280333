"""A small desk as an app in memory, with one visitor of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from espalier.blueprint.reader import read
from espalier.runtime.access import ANYONE, AUTHOR, Visitor
from espalier.runtime.records import Record, Records
from espalier.runtime.storage import Database


class Place:
    """What records need of an app: a blueprint, its database, a clock that stands still."""

    def __init__(self, text: str, where: Path | None = None) -> None:
        self.name = "test"
        self.blueprint = read(text)
        self.database = Database.open(where, self.blueprint)
        self.settings = SimpleNamespace(smtp_host="")
        self.clock = datetime(2026, 11, 22, 10, 0)

    def now(self) -> datetime:
        return self.clock

    def later(self, **more: float) -> None:
        self.clock += timedelta(**more)

    def person(self, name: str, role: str = "user", **more: Any) -> Records:
        """Records as a new person sees them."""
        values = {"name": name, "email": f"{name.lower()}@example.com", "role": role, **more}
        id = Records(self, AUTHOR).put("User", values, owner=None)
        return Records(self, Visitor(id, name, values["email"], role))

    @property
    def author(self) -> Records:
        return Records(self, AUTHOR)

    @property
    def anyone(self) -> Records:
        return Records(self, ANYONE)

    def rows(self, table: str) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.exec_driver_sql(f"SELECT * FROM {table}").mappings())


@pytest.fixture
def place() -> Iterator[Callable[..., Place]]:
    """Makes an app of a blueprint's text; closed at the end."""
    made: list[Place] = []

    def make(text: str, where: Path | None = None) -> Place:
        if "pages:" not in text:
            text += "\npages:\n  Home:\n    - text: Hello\n"
        if not text.lstrip().startswith("app:"):
            text = f"app: Test\n{text.lstrip()}"
        made.append(Place(text, where))
        return made[-1]

    yield make
    for one in made:
        one.database.close()


def titles(records: Any) -> list[str]:
    return [record.title for record in records]


def ids(records: Any) -> list[int]:
    return [record.id for record in records]


def me(records: Records) -> int:
    assert records.visitor.id is not None
    return records.visitor.id


def fresh(records: Records, record: Record) -> Record:
    return records.get(record.entity, record.id)
