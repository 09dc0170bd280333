"""Looking for text in the records of an entity: SQLite's full text index, kept by triggers, and safe questions to it.

Every word of the text must be found in one of the fields asked for, as the beginning of a word there; small and capital
letters, and accents, make no difference. Words of scripts written without spaces are looked for anywhere in the text.
Whoever asks gives the fields that the person may read: the index is never asked beyond them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, Text, and_, bindparam, cast, column, false, or_, select, table, text, true
from sqlalchemy.sql import ColumnElement

from ..fields import kind
from .tables import Tables, quoted, short

MOST_WORDS = 10
LONGEST_WORD = 100
# Scripts without spaces between words: the index would see a sentence as one word.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]"
)
EVENTS = ("insert", "delete", "update")


def searchable_fields(tables: Tables, entity: str) -> list[str]:
    """The fields of the entity that the index holds."""
    return [name for name, field in tables.shape.entities[entity].fields.items() if kind(field).searchable]


def index_name(tables: Tables, entity: str) -> str:
    return short(f"espalier_search_{tables.names[entity]}")


def is_kept(connection: Connection, tables: Tables, entity: str) -> bool:
    """Is the entity's index there, with just the fields it should hold? True when there is nothing to hold."""
    fields = searchable_fields(tables, entity)
    if not fields:
        return True
    found = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({quoted(index_name(tables, entity))})")]
    return found == [f"f_{name}" for name in fields]


def keep(connection: Connection, tables: Tables, entity: str) -> None:
    """Make the entity's index and the triggers that keep it, and fill it, unless it is there."""
    if is_kept(connection, tables, entity):
        return
    drop(connection, tables, entity)
    fields = searchable_fields(tables, entity)
    index, rows = quoted(index_name(tables, entity)), quoted(tables.names[entity])
    # Prefixed, since the index has reserved names of its own.
    names = ", ".join(quoted(f"f_{name}") for name in fields)

    def values(row: str) -> str:
        return ", ".join(f"{row}.{quoted(name)}" for name in fields)

    # Every name is quoted, and comes from the blueprint alone.
    added = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {values('new')});"  # noqa: S608
    removed = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.id, {values('old')});"  # noqa: S608
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    for event, work in zip(EVENTS, (added, removed, f"{removed} {added}"), strict=True):
        of = f" OF id, {', '.join(quoted(name) for name in fields)}" if event == "update" else ""
        trigger = quoted(_trigger(tables, entity, event))
        connection.exec_driver_sql(f"CREATE TRIGGER {trigger} AFTER {event.upper()}{of} ON {rows} BEGIN {work} END")
    connection.exec_driver_sql(f"INSERT INTO {index}(rowid, {names}) SELECT row.id, {values('row')} FROM {rows} AS row")  # noqa: S608 - quoted names


def drop(connection: Connection, tables: Tables, entity: str) -> None:
    """Remove the entity's index and triggers, if they are there."""
    for event in EVENTS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {quoted(_trigger(tables, entity, event))}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(index_name(tables, entity))}")


def drop_all(connection: Connection) -> None:
    """Remove all indexes with their triggers: tables cannot be rebuilt while triggers speak of them."""
    kinds = {"trigger": "TRIGGER", "table": "TABLE"}
    for sort, word in kinds.items():
        found = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = ? AND name LIKE 'espalier!_search!_%' ESCAPE '!' "
            "AND (type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%')",
            (sort,),
        ).scalars()
        for name in list(found):
            connection.exec_driver_sql(f"DROP {word} {quoted(name)}")


def condition(tables: Tables, entity: str, words: str, fields: Iterable[str]) -> ColumnElement[bool]:
    """The condition on the entity's table that a row holds all words in these fields; true for no words.

    Never a syntax error, whatever the text holds. Fields that the index does not hold are passed over; false when none is left.
    """
    rows = tables[entity]
    wanted = set(fields)
    asked = [name for name in searchable_fields(tables, entity) if name in wanted]
    found = _words(words)[:MOST_WORDS]
    if not found:
        return true()
    if not asked:
        return false()
    indexed = [word for word in found if _is_indexed(word)]
    conditions: list[ColumnElement[bool]] = []
    if indexed:
        name = index_name(tables, entity)
        columns = " ".join('"' + f"f_{field}" + '"' for field in asked)
        question = " AND ".join('"' + word.replace('"', '""') + '" *' for word in indexed)
        index = table(name, column("rowid"))
        match = text(f"{quoted(name)} MATCH :question").bindparams(
            bindparam("question", f"{{{columns}}} : ({question})", unique=True)
        )
        conditions.append(rows.c.id.in_(select(index.c.rowid).where(match)))
    for word in found:
        if not _is_indexed(word):
            conditions.append(or_(*[cast(rows.c[field], Text).contains(word, autoescape=True) for field in asked]))
    return and_(*conditions)


def _words(said: str) -> list[str]:
    """The words of what a person typed; signs that stand alone count only when there is nothing else."""
    clean = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in said)
    words = [word[:LONGEST_WORD] for word in clean.split()]
    return [word for word in words if _has_letters(word)] or words


def _has_letters(word: str) -> bool:
    return any(letter.isalnum() for letter in word)


def _is_indexed(word: str) -> bool:
    return _has_letters(word) and not UNSPACED.search(word)


def _trigger(tables: Tables, entity: str, event: str) -> str:
    return short(f"espalier_search_{event}_{tables.names[entity]}")
