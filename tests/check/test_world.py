"""The world of the checks and the runtime say the same: two ways to work out who may do what, and what is where."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from espalier.blueprint import read
from espalier.blueprint.schema import OPERATIONS
from espalier.check.subject import Subject
from espalier.runtime.access import always, never
from espalier.runtime.records import Records
from espalier.runtime.records.write import plain
from espalier.runtime.visit import Visit

APPS = sorted((Path(__file__).parents[2] / "apps").glob("*.yaml"))


@pytest.fixture(scope="module", params=APPS, ids=lambda path: path.stem)
def subject(request):
    made = Subject(read(request.param.read_text()))
    yield made
    made.close()


def people(subject: Subject) -> list[Any]:
    return [*subject.cast.everybody, *subject.cast.others.values()]


def test_who_may_do_what_with_every_record(subject):
    world = subject.world
    for who in people(subject):
        view, access = world.of(who), Records(subject.app, who).access
        for entity in subject.blueprint.entities:
            table = subject.app.database.tables[entity]
            for operation in OPERATIONS:
                condition = access.allowed(operation, entity, table)
                with subject.app.database.read() as connection:
                    found = connection.execute(select(table.c.id, plain(condition).label("may"))).all()
                for row in found:
                    mine = view.may(operation, entity, world.row(entity, row.id))
                    assert mine == bool(row.may), (who.role, operation, entity, row.id)
                settled = view.can(operation, entity)
                if operation in ("read", "create"):
                    assert settled is not None or not (always(condition) or never(condition)), (who.role, operation)
                    assert settled is not True or all(row.may for row in found), (who.role, operation, entity)
                if settled is False:
                    rows = [row for row in found if row.may]
                    assert not rows or operation in ("update", "delete"), (who.role, operation, entity)


def test_who_may_see_and_set_what(subject):
    world = subject.world
    for who in people(subject):
        view, records = world.of(who), Records(subject.app, who)
        for entity, spec in subject.blueprint.entities.items():
            table = subject.app.database.tables[entity]
            for name in spec.fields:
                for ours, theirs in ((view.sees, "field_readable"), (view.sets, "field_writable")):
                    if theirs == "field_writable" and not spec.fields[name].typed_in:
                        continue
                    condition = getattr(records.access, theirs)(entity, name, table)
                    with subject.app.database.read() as connection:
                        found = connection.execute(select(table.c.id, plain(condition).label("may"))).all()
                    for row in found:
                        mine = ours(entity, name, world.row(entity, row.id))
                        assert mine == bool(row.may), (who.role, entity, name, row.id, theirs)


def test_every_value_that_somebody_reads(subject):
    """Computed fields, references and marks among them; the same records as well."""
    world = subject.world
    for who in subject.cast.everybody:
        view, records = world.of(who), Records(subject.app, who)
        for entity, spec in subject.blueprint.entities.items():
            found = records.query(entity, limit=1000)
            assert [record.id for record in sorted(found, key=lambda one: one.id)] == [
                row["id"] for row in view.readable(entity)
            ]
            for record in found:
                row = world.row(entity, record.id)
                for name, field in spec.fields.items():
                    value = record.get(name)
                    if field.kind == "reference":
                        value = [one.id for one in value or ()] if field.many else value and value.id
                    elif isinstance(value, Decimal):
                        value = int(value * 100)
                    ours = view.at(entity, row, name)
                    assert (ours or None) == (value or None) or ours == pytest.approx(value), (who.role, entity, name)


def test_every_number_on_a_page(subject):
    for who in subject.cast.everybody:
        records = Visit(subject.app, visitor=who).records
        for page in subject.pages:
            for block in page.blocks:
                for label, expression in block.of.items() if block.kind == "stats" else ():
                    theirs, ours = records.value(expression), subject.world.of(who).page_value(expression)
                    theirs = int(theirs * 100) if isinstance(theirs, Decimal) else theirs
                    assert ours == theirs or ours == pytest.approx(theirs), (who.role, page.name, label)
                where = getattr(block, "where", None)
                entity = getattr(getattr(block, "source", None), "entity", "")
                if where is not None and entity:
                    theirs = {record.id for record in records.query(entity, where=where, show=(), limit=1000)}
                    ours = {row["id"] for row in subject.world.of(who).select(entity, where)}
                    assert ours == theirs, (who.role, page.name, str(where))
