"""A world as a running app, and what the tests do to it: ask as somebody, look into the database, put it back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from espalier.blueprint import read
from espalier.runtime import files
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.storage import system
from espalier.runtime.visit import Upload, Visit

from .oracle import Person, World

NOW = datetime(2026, 11, 22, 12, 0)
# Not part of the data: what counts tries, and what follows a change.
APART = ("espalier_attempt", "sqlite_sequence")

Cells = dict[tuple[str, Any], dict[str, Any]]


class House:
    """One world, running in memory. `asked` counts the requests."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app = App(read(world.text()), clock=lambda: NOW)
        self.asked = 0
        self._fill()
        self._kept = sqlite3.connect(":memory:")
        self._driver.backup(self._kept)
        self._tables = [
            name
            for (name,) in self._kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in APART and "_fts" not in name and "search" not in name
        ]
        self.first = self.cells()

    @property
    def _driver(self) -> sqlite3.Connection:
        with self.app.database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            return driver

    def close(self) -> None:
        self._kept.close()
        self.app.close()

    def _fill(self) -> None:
        tables = self.app.database.tables
        with self.app.database.write() as connection:
            for entity in ("User", "Team", "Ticket", "Note", "Log", "Letter"):
                kind, table = self.world.kinds[entity], tables[entity]
                for id, row in self.world.records[entity].items():
                    values: dict[str, Any] = {"id": id, "created": NOW, "updated": NOW}
                    values[tables.maker(entity).name] = row.get("owner")
                    if entity == "User":
                        values["role"] = row["role"]
                    links = []
                    for name, column in kind.columns.items():
                        if column.type == "marks" or (column.target and column.many):
                            link = tables.link(entity, name)
                            for at, target in enumerate(row[name]):
                                links.append(insert(link).values(record=id, target=target, position=at, created=NOW))
                        elif column.type == "date" and row[name]:
                            values[name] = date.fromisoformat(row[name])
                        elif not column.counts:
                            values[name] = row[name]
                        if column.type == "file" and row[name]:
                            connection.execute(
                                insert(system.file).values(
                                    name=row[name], original=f"paper{id}.txt", type="text/plain", size=3,
                                    sha256="", user=row.get("owner"), entity=entity, field=name, record=id, created=NOW,
                                )
                            )  # fmt: skip
                            files._write(self.app, row[name], f"content of {row[name]}".encode())
                    for statement in (insert(table).values(values), *links):
                        connection.execute(statement)

    # --- asking ---------------------------------------------------------------------------------------------------

    def visitor(self, person: Person) -> Visitor:
        if person.id is None:
            return Visitor()
        row = self.world.records["User"][person.id]
        return Visitor(person.id, row["name"], row["email"], person.role)

    def ask(
        self,
        person: Person,
        method: str,
        path: str,
        *,
        query: Any = "",
        json: Any = None,
        form: Any = None,
        htmx: bool = False,
    ) -> Any:
        """An answer of the app, asked from a page of its own."""
        self.asked += 1
        visitor = self.visitor(person)
        headers = {"x-csrf-token": Visit(self.app, visitor=visitor).csrf}
        if htmx:
            headers["hx-request"] = "true"
        visit = Visit(self.app, method, path, query=query, json=json, form=form, headers=headers, visitor=visitor)
        answer = self.app.respond(visit)
        assert answer.status_code < 500, (
            answer.status_code,
            person,
            method,
            path,
            query,
            json,
            form,
            answer.body[:2000],
        )
        return answer

    # --- the data -------------------------------------------------------------------------------------------------

    def cells(self) -> Cells:
        """Everything in the database, by table and id (or whole row where there is none)."""
        driver, found = self._driver, {}
        for table in self._tables:
            cursor = driver.execute(f'SELECT * FROM "{table}"')
            names = [one[0] for one in cursor.description]
            for row in cursor:
                values = dict(zip(names, row, strict=True))
                found[table, values.get("id", row)] = values
        return found

    def restore(self) -> None:
        self._kept.backup(self._driver)
        self.app.database._searchable.clear()

    @contextmanager
    def unchanged(self, *said: Any) -> Any:
        """Whatever happens inside must leave the database as it was."""
        yield
        after = self.cells()
        if after != self.first:
            changes = [
                (key, self.first.get(key), after.get(key))
                for key in {*self.first, *after}
                if self.first.get(key) != after.get(key)
            ]
            self.restore()
            raise AssertionError(("changed", said, changes))

    def changes(self) -> list[tuple[str, Any, dict[str, Any] | None, dict[str, Any] | None]]:
        """What is not as at first: (table, id, before, after)."""
        after = self.cells()
        return [
            (table, id, self.first.get((table, id)), after.get((table, id)))
            for table, id in sorted({*self.first, *after}, key=str)
            if self.first.get((table, id)) != after.get((table, id))
        ]


def body(answer: Any) -> str:
    """What somebody receives, headers too."""
    said = bytes(answer.body).decode("utf-8", "replace") if hasattr(answer, "body") else ""
    return said + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())


def data(answer: Any) -> Any:
    return json.loads(answer.body)


def upload(name: str, content: bytes) -> Upload:
    return Upload.of(name, content)
