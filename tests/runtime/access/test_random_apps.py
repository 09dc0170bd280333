"""Every entity, operation and visitor of random apps, against an oracle in plain Python (oracle.py)."""

from __future__ import annotations

import os
from typing import Any

import pytest

from espalier.blueprint.blocks.base import Sort
from espalier.runtime.access import Visitor
from espalier.runtime.errors import Forbidden, Invalid, NotFound
from espalier.runtime.records import Link

from .oracle import ENTITIES, World

SEEDS = range(int(os.environ.get("RANDOM_APPS", "3")))
PATHS = {
    "Team": ["name", "members", "open", "owner"],
    "Project": ["name", "team", "keeper", "status", "budget", "team.name", "team.open", "keeper.name", "keeper.email"],
    "Item": ["title", "project", "assignee", "status", "amount", "secret", "likes", "doubled", "project.budget",
             "project.team", "project.team.open", "project.status", "assignee.email", "owner"],
    "Line": ["item", "label", "cost", "related", "item.amount", "item.project", "item.project.budget", "item.likes",
             "item.doubled", "item.project.team.name"],
}  # fmt: skip


class Undo(Exception):
    """Leaves a transaction so that nothing of it is kept."""


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> Any:
    made = World(request.param)
    yield made
    made.database.close()


def title(world: World, entity: str, row: dict[str, Any], visitor: Visitor) -> str:
    """How a record is called for the visitor; by its number when what it is called is hidden."""
    name = {"Item": "title", "Line": "label"}.get(entity, "name")
    if world.may_field("read", entity, name, row, visitor):
        return str(row[name])
    return f"{entity} {row['id']}"


def plain(value: Any) -> Any:
    """A value as the oracle has it: ids instead of links."""
    if isinstance(value, Link):
        return value.id
    return [plain(one) for one in value] if isinstance(value, list) else value


def test_each_visitor_reads_just_what_the_rules_allow(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity in ENTITIES:
            expected = world.readable(entity, visitor)
            found = records.query(entity, show=PATHS[entity])
            assert sorted(record.id for record in found) == sorted(expected), (entity, visitor)
            assert found.total == records.count(entity) == len(expected)
            for record in found:
                row = world.rows[entity][record.id]
                assert record.title == title(world, entity, row, visitor), (entity, visitor)
                for path in PATHS[entity]:
                    if isinstance(link := record.get(path), Link):
                        assert link.title == title(world, link.entity, world.rows[link.entity][link.id], visitor)
                    want = world.seen(entity, row, path, visitor)
                    got = plain(record.get(path))
                    if isinstance(want, list) or isinstance(got, list):
                        # What is hidden is nothing: of many, none.
                        assert sorted(got or []) == sorted(want or []), (entity, path, visitor)
                    else:
                        assert got == want, (entity, path, visitor)
            for id in [*world.rows[entity], 10**6]:
                if id in expected:
                    assert records.get(entity, id).id == id
                else:
                    with pytest.raises(NotFound):
                        records.get(entity, id)


def test_filters_find_only_what_may_be_seen(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, paths in PATHS.items():
            readable = world.readable(entity, visitor)
            for path in paths:
                for value in values_at(world, entity, path):
                    expected = [
                        id
                        for id in readable
                        if (seen := world.seen(entity, world.rows[entity][id], path, visitor)) is not None
                        and (value in seen if isinstance(seen, list) else seen == value)
                        and world.shown(entity, world.rows[entity][id], path, visitor)
                    ]
                    text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
                    try:
                        found = records.query(entity, filters={path: [text]}, show=())
                    except Invalid:
                        # The whole field is closed to this visitor; then no record may have shown it.
                        assert not expected, (entity, path, visitor)
                        continue
                    assert sorted(record.id for record in found) == sorted(expected), (entity, path, value, visitor)
                    assert found.total == len(expected)


def values_at(world: World, entity: str, path: str) -> list[Any]:
    root = next(visitor for visitor in world.visitors if visitor.is_admin)
    found: list[Any] = []
    for row in world.rows[entity].values():
        value = world.seen(entity, row, path, root)
        for one in value if isinstance(value, list) else [value]:
            if one is not None and one not in found:
                found.append(one)
    return found[:3]


def test_order_and_choices_do_not_tell_what_is_hidden(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, path in (
            ("Item", "amount"),
            ("Item", "project.budget"),
            ("Line", "item.amount"),
            ("Project", "budget"),
        ):
            readable = world.readable(entity, visitor)
            seen = {id: world.seen(entity, world.rows[entity][id], path, visitor) for id in readable}
            expected = sorted(readable, key=lambda id: (seen[id] is None, -(seen[id] or 0), id))
            assert [record.id for record in records.query(entity, sort=[Sort(path, True)], show=())] == expected
            counts: dict[str, int] = {}
            for id in readable:
                if seen[id] is not None:
                    counts[str(seen[id])] = counts.get(str(seen[id]), 0) + 1
            assert {one.value: one.count for one in records.choices(entity, path)} == counts


def test_numbers_cover_only_what_may_be_read(world: World) -> None:
    blocks = world.blueprint.page_list[0].blocks
    stats = blocks[0].of
    for visitor in world.visitors:
        records = world.records(visitor)
        items = [world.rows["Item"][id] for id in world.readable("Item", visitor)]
        lines = [world.rows["Line"][id] for id in world.readable("Line", visitor)]

        def item(row: dict[str, Any], path: str, who: Visitor = visitor) -> Any:
            return world.seen("Item", row, path, who)

        expected = {
            "Items": len(items),
            "Amounts": sum(item(row, "amount") or 0 for row in items),
            "Many": sum((item(row, "amount") or 0) > 5 for row in items),
            "Few": sum(not (item(row, "amount") or 0) > 5 for row in items),
            "Budgets": sum(item(row, "project.budget") or 0 for row in items),
            "Team": sum(item(row, "project.team.open") is True for row in items),
            "Doubled": sum(item(row, "doubled") or 0 for row in items),
            "Costs": sum(
                world.seen("Line", row, "cost", visitor) or 0
                for row in lines
                if world.seen("Line", row, "item.status", visitor) == "Open"
            ),
            "Mine": sum(
                visitor.id is not None
                and row["assignee"] == visitor.id
                and world.may_field("read", "Item", "assignee", row, visitor)
                for row in items
            ),
        }
        assert {label: records.value(expression) for label, expression in stats.items()} == expected, visitor
        where = blocks[1].where
        assert records.count("Item", where=where) == expected["Many"]
        where = blocks[2].where
        assert records.count("Line", where=where) == sum(
            (world.seen("Line", row, "item.project.budget", visitor) or 0) > 5 for row in lines
        )
        for block, entity, path, value in (
            (blocks[3], "Item", "status", None),
            (blocks[4], "Item", "project", "amount"),
            (blocks[5], "Line", "item.project.status", None),
        ):
            groups: dict[Any, int] = {}
            for row in items if entity == "Item" else lines:
                if world.shown(entity, row, path, visitor):
                    key = world.seen(entity, row, path, visitor)
                    groups[key] = groups.get(key, 0) + (
                        1 if value is None else world.seen(entity, row, value, visitor) or 0
                    )
            drawn = records.series(block.of.what, block.of.by)
            got = {point.key: point.value for line in drawn for point in line.points}
            assert got == groups, (block, visitor)


def test_search_finds_words_only_where_they_may_be_read(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, names in (("Item", ("title", "secret")), ("Project", ("name",)), ("Line", ("label",))):
            for name in names:
                for row in list(world.rows[entity].values())[:2]:
                    word = row[name].split()[1]
                    expected = [
                        id
                        for id in world.readable(entity, visitor)
                        if any(
                            word in (world.rows[entity][id][one] or "")
                            and world.may_field("read", entity, one, world.rows[entity][id], visitor)
                            for one in names
                        )
                    ]
                    found = records.query(entity, search=word, show=())
                    assert sorted(record.id for record in found) == sorted(expected), (entity, word, visitor)


def test_only_readable_records_may_be_chosen(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, name, target in (
            ("Item", "project", "Project"),
            ("Line", "related", "Project"),
            ("Project", "team", "Team"),
        ):
            offered = [link.id for link in records.options(entity, name)]
            assert sorted(offered) == sorted(world.readable(target, visitor))
        assert sorted(link.id for link in records.options("Item", "assignee")) == (world.people if visitor.id else [])


def test_each_visitor_changes_just_what_the_rules_allow(world: World) -> None:
    new = {"text": "changed", "int": 77, "choice": "Closed", "bool": "yes"}
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, fields in ENTITIES.items():
            for id, row in world.rows[entity].items():
                readable = world.may("read", entity, row, visitor)
                allowed = readable and world.may("update", entity, row, visitor)
                assert records.can("update", entity, id) == allowed
                assert records.can("delete", entity, id) == (readable and world.may("delete", entity, row, visitor))
                for name, (_, kind) in fields.items():
                    if kind not in new or (kind == "bool" and row[name]) or row[name] == new[kind]:
                        continue
                    settable = world.may_field("write", entity, name, row, visitor) and world.may_field(
                        "read", entity, name, row, visitor
                    )
                    outcome = attempt(world, records.update, entity, id, {name: new[kind]})
                    if allowed and settable:
                        assert outcome is None, (entity, name, visitor, outcome)
                    elif not readable:
                        assert outcome in (NotFound, Invalid), (entity, name, visitor, outcome)
                    else:
                        assert outcome in (Forbidden, Invalid), (entity, name, visitor, outcome)


def test_references_cannot_be_forged(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, name, target in (
            ("Item", "project", "Project"),
            ("Item", "assignee", "User"),
            ("Project", "team", "Team"),
            ("Project", "keeper", "User"),
            ("Line", "item", "Item"),
        ):
            for id, row in list(world.rows[entity].items())[:4]:
                for to in [*list(world.rows[target])[:4], 10**6]:
                    if to == row[name]:
                        continue
                    outcome = attempt(world, records.update, entity, id, {name: str(to)})
                    moved = {**row, name: to}
                    expected = (
                        to in world.rows[target]
                        and world.may("read", entity, row, visitor)
                        and world.may("update", entity, row, visitor)
                        and world.may_field("write", entity, name, row, visitor)
                        and world.may_field("read", entity, name, row, visitor)
                        and world.may("read", target, world.rows[target][to], visitor)
                        and world.may("update", entity, moved, visitor)
                    )
                    assert (outcome is None) == expected, (entity, id, name, to, visitor, outcome)


def test_each_visitor_creates_just_what_the_rules_allow(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity, fields in ENTITIES.items():
            for _ in range(4):
                values = world.random_values(entity, "new")
                given = {name: value for name, value in values.items() if value not in (None, [])}
                row = {**values, "id": None, "owner": visitor.id, "likes": set()}
                readable = all(
                    world.may("read", target, world.rows[target][one], visitor)
                    for name in given
                    if (target := target_of(fields[name][1])) is not None
                    for one in (given[name] if isinstance(given[name], list) else [given[name]])
                )
                expected = (
                    readable
                    and world.may("create", entity, row, visitor)
                    and all(world.may_field("write", entity, name, row, visitor) for name in given)
                )
                outcome = attempt(world, records.create, entity, given)
                assert (outcome is None) == expected, (entity, given, visitor, outcome)


def target_of(kind: str) -> str | None:
    return "User" if kind == "people" else kind.split()[1] if kind.startswith("ref") else None


def test_each_visitor_deletes_and_marks_just_what_the_rules_allow(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity in ENTITIES:
            for id, row in world.rows[entity].items():
                readable = world.may("read", entity, row, visitor)
                outcome = attempt(world, records.delete, entity, id)
                if not readable:
                    assert outcome is NotFound
                else:
                    assert (outcome is None) == world.may("delete", entity, row, visitor), (
                        entity,
                        id,
                        visitor,
                        outcome,
                    )
        for id, row in world.rows["Item"].items():
            readable = world.may("read", "Item", row, visitor)
            outcome = attempt(world, records.mark, "Item", id, "likes")
            if not readable:
                assert outcome is NotFound
            else:
                allowed = visitor.id is not None and world.may_field("write", "Item", "likes", row, visitor)
                assert (outcome is None) == allowed, (id, visitor, outcome)


def test_what_is_not_a_field_of_the_form_is_refused(world: World) -> None:
    for visitor in world.visitors:
        records = world.records(visitor)
        for entity in ENTITIES:
            for name in ("id", "created", "updated", "owner", "doubled", "likes", "nonsense", "_owner"):
                with pytest.raises((Invalid, Forbidden)):
                    records.create(entity, {name: "1"})
                with pytest.raises((Invalid, Forbidden)):
                    records.update(entity, next(iter(world.rows[entity])), {name: "1"})


def attempt(world: World, do: Any, *arguments: Any) -> type[Exception] | None:
    """The kind of error that doing this gives, or None when it can be done; nothing of it is kept."""
    try:
        with world.database.write():
            do(*arguments)
            raise Undo
    except Undo:
        return None
    except (NotFound, Forbidden, Invalid) as error:
        return type(error)
