"""What reading gives: records, links to records, a page of records. Plain values without a way back to the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to a record that the reader may read."""

    entity: str
    id: int
    title: str

    def __str__(self) -> str:
        return self.title


class Record(Mapping[str, Any]):
    """The values of one record by path (`status`, `customer.name`), as far as they were asked for and may be read.

    A reference is a `Link` or None, a field of many a list, `marks` a number, money a Decimal, the rest as the field type
    reads it. A field that the reader may never see is not there; one that is hidden in this record only is None.
    """

    __slots__ = ("_allowed", "_marked", "_values", "entity", "id", "title")

    def __init__(
        self,
        entity: str,
        id: int,
        title: str,
        values: dict[str, Any],
        marked: frozenset[str] = frozenset(),
        allowed: frozenset[str] = frozenset(),
    ) -> None:
        self.entity = entity
        self.id = id
        self.title = title
        self._values = values
        self._marked = marked
        self._allowed = allowed

    def __getitem__(self, path: str) -> Any:
        return self._values[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def marked(self, name: str) -> bool:
        """Has the reader put their mark (like, follow, vote) on this record?"""
        return name in self._marked

    def may(self, operation: str) -> bool:
        """May the reader do this (update, delete) with the record? Known when the query was asked for it with `may`."""
        return operation in self._allowed

    @property
    def link(self) -> Link:
        return Link(self.entity, self.id, self.title)

    def __repr__(self) -> str:
        return f"Record({self.entity} {self.id}: {self._values})"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of records. total is how many there are without limit and offset; None when it was not asked for."""

    records: Sequence[Record]
    total: int | None

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: the text that goes into `filters`, the words shown, and how many records have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """One group of a chart: its key (a plain value, None for none), its words, and its value."""

    key: Any
    label: str
    value: float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or colour of a chart; without `series` there is one, with an empty label."""

    label: str
    points: list[Point] = field(default_factory=list)
