"""The SQL of an expression gives what `evaluate` gives: random expressions over small tables, in select, where and order."""

import datetime
import random
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from espalier.blueprint.expression import (
    Environment,
    ExpressionError,
    Scope,
    bind,
    bind_condition,
    evaluate,
    evaluate_aggregate,
    parse,
)
from espalier.runtime.sql import SqlContext, compile_condition, compile_expression

sys.path.append(str(Path(__file__).parent.parent / "blueprint"))

from tests.blueprint.expression_example import CHOICES, VOCABULARY
from tests.blueprint.expression_strategies import FORMS, LEAVES, expressions

TODAY = datetime.date(2026, 3, 31)
NOW = datetime.datetime(2026, 3, 31, 13, 45, 10, 250000)
COLUMNS: dict[str, Any] = {
    "int": sa.Integer, "money": sa.Integer, "number": sa.REAL, "percent": sa.REAL, "rating": sa.REAL,
    "bool": sa.Boolean, "date": sa.Date, "datetime": sa.DateTime, "time": sa.Time, "reference": sa.Integer,
    "tags": sa.JSON, "text": sa.String, "long": sa.String, "choice": sa.String, "image": sa.String,
}  # fmt: skip


class ExampleTables:
    """The storage contract, made of plain tables."""

    def __init__(self) -> None:
        self.metadata = sa.MetaData()
        self.tables: dict[str, sa.Table] = {}
        self.links: dict[tuple[str, str], sa.Table] = {}
        for entity in VOCABULARY.entities():
            columns = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("created", sa.DateTime),
                       sa.Column("updated", sa.DateTime), sa.Column("owner", sa.Integer)]  # fmt: skip
            if entity == "User":
                columns += [sa.Column("name", sa.String), sa.Column("email", sa.String), sa.Column("role", sa.String)]
            for name, info in VOCABULARY.fields[entity].items():
                if info.computed is not None:
                    continue
                if info.type == "marks" or (info.type == "reference" and info.many):
                    link = sa.Table(f"{entity}_{name}", self.metadata, sa.Column("record", sa.Integer),
                                    sa.Column("target", sa.Integer))  # fmt: skip
                    self.links[entity, name] = link
                else:
                    columns.append(sa.Column(name, sa.JSON if info.many else COLUMNS[info.type]))
            self.tables[entity] = sa.Table(entity, self.metadata, *columns)
        sa.Index("by_starts", self.tables["Appointment"].c.starts)
        sa.Index("by_status", self.tables["Appointment"].c.status)

    def __getitem__(self, entity: str) -> sa.Table:
        return self.tables[entity]

    def link(self, entity: str, field: str) -> sa.Table:
        return self.links[entity, field]


@dataclass
class World:
    """The same records in memory and in a database."""

    rows: dict[str, list[dict[str, Any]]]
    tables: ExampleTables
    connection: sa.Connection
    me: Mapping[str, Any] | None
    roles: frozenset[str]
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def context(self) -> SqlContext:
        return SqlContext(
            VOCABULARY, self.tables, self.me, self.roles, TODAY, NOW, lambda entity: self.own.get(entity, ("owner",)),
            lambda entity, row: row.c.name.like("A%"),
        )  # fmt: skip

    def environment(self) -> Environment:
        return Environment(
            me=self.me, roles=self.roles, today=TODAY, now=NOW, own=lambda entity: self.own.get(entity, ("owner",)),
            lookup=lambda entity, id: next((row for row in self.rows[entity] if row["id"] == id), None),
            aggregate=lambda node, around: evaluate_aggregate(node, self.rows[node.entity], around),
            can_read=lambda entity, record: str(record.get("name")).lower().startswith("a"),
        )  # fmt: skip

    def select(self, entity: str, column: sa.ColumnElement[Any]) -> list[Any]:
        table = self.tables[entity]
        return list(self.connection.scalars(sa.select(column).select_from(table).order_by(table.c.id)))


def make_world(seed: int) -> World:
    chance = random.Random(seed)

    def perhaps(make: Any) -> Any:
        return None if chance.random() < 0.25 else make()

    def day() -> datetime.date:
        spread = chance.choice([3, 3, 40, 2000])
        return TODAY + datetime.timedelta(days=chance.randint(-spread, spread // 3))

    def moment() -> datetime.datetime:
        microsecond = chance.choice([0, 0, 0, 999999, 123456])
        return datetime.datetime.combine(
            day(), datetime.time(chance.randint(0, 23), chance.randint(0, 59), 0, microsecond)
        )

    makers: dict[str, Any] = {
        "int": lambda: chance.randint(-4, 12), "money": lambda: chance.randint(-500, 9999),
        "number": lambda: chance.randint(-900, 4000) / 100, "percent": lambda: chance.choice([0.0, 7.5, 12.25, 50.0, 100.0]),
        "rating": lambda: chance.randint(2, 10) / 2, "bool": lambda: chance.random() < 0.5, "date": day, "datetime": moment,
        "time": lambda: datetime.time(chance.randint(0, 23), chance.randint(0, 59)),
        "text": lambda: chance.choice(["A dog", "Rex", "ÄÖ", "b", ""]), "image": lambda: "x.png",
        "tags": lambda: chance.sample(["good", "Bad", "ü"], chance.randint(0, 3)),
    }  # fmt: skip
    makers["long"] = makers["text"]
    counts = {"User": 4, "Team": 3, "Service": 3, "Dog": 5, "Appointment": 14, "Match": 5, "Project": 3, "Ticket": 6}
    tables = ExampleTables()
    engine = sa.create_engine("sqlite://")
    connection = engine.connect()
    tables.metadata.create_all(connection)
    rows: dict[str, list[dict[str, Any]]] = {}
    for entity, count in counts.items():
        rows[entity] = []
        for id in range(1, count + 1):
            row: dict[str, Any] = {"id": id, "created": moment(), "updated": NOW, "owner": chance.randint(1, 4)}
            if entity == "User":
                row |= {"name": f"Person {id}", "email": f"p{id}@example.com", "role": "client"}
            for name, info in VOCABULARY.fields[entity].items():
                if info.computed is not None:
                    continue
                if info.type == "reference" and not info.many:
                    target = counts[info.target or ""]
                    row[name] = perhaps(lambda target=target: chance.randint(1, target))
                elif info.type in ("reference", "marks"):
                    row[name] = sorted(chance.sample([1, 2, 3, 4], chance.randint(0, 3)))
                    values = [{"record": id, "target": target} for target in row[name]]
                    if values:
                        connection.execute(sa.insert(tables.link(entity, name)), values)
                elif info.type == "choice":
                    row[name] = perhaps(lambda info=info: chance.choice(info.choices))
                    if info.many:
                        row[name] = chance.sample(info.choices, chance.randint(0, 2))
                else:
                    row[name] = perhaps(makers[info.type])
            rows[entity].append(row)
        stored = {column.name for column in tables[entity].columns}
        connection.execute(sa.insert(tables[entity]), [{k: row[k] for k in row if k in stored} for row in rows[entity]])
    me = None if seed % 3 == 0 else rows["User"][0]
    return World(rows, tables, connection, me, frozenset({"client"} if seed % 2 else ()))


@pytest.fixture(scope="module")
def worlds():
    made = [make_world(seed) for seed in (1, 2, 3)]
    yield made
    for world in made:
        world.connection.close()


def check_equal(world: World, entity: str, text: str) -> None:
    scope = Scope.record(VOCABULARY, entity)
    try:
        bound = bind(parse(text, CHOICES), scope)
    except ExpressionError as error:  # the generator knows nothing of the bounds
        assert "too heavy" in str(error) or "characters" in str(error) or "nested" in str(error), (text, error)
        assume(False)
    environment = world.environment()
    expected = [evaluate(bound, replace(environment, record=row)) for row in world.rows[entity]]
    column = compile_expression(bound, world.context())
    found = world.select(entity, column)
    assert found == [pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for value in expected], text
    table = world.tables[entity]
    ids = [row["id"] for row in world.rows[entity]]
    ordered = world.connection.scalars(sa.select(table.c.id).order_by(column, table.c.id))
    assert list(ordered) == [
        id
        for _, _, id in sorted((v is not None, 0 if v is None else v, id) for v, id in zip(expected, ids, strict=True))
    ]
    if bound.type.kind == "bool":
        where = sa.select(table.c.id).where(compile_condition(bound, world.context())).order_by(table.c.id)
        assert list(world.connection.scalars(where)) == [
            id for id, value in zip(ids, expected, strict=True) if value
        ], text
        negated = bind_condition(parse(f"not ({text})", CHOICES), scope)
        where = sa.select(table.c.id).where(compile_condition(negated, world.context())).order_by(table.c.id)
        assert list(world.connection.scalars(where)) == [
            id for id, value in zip(ids, expected, strict=True) if not value
        ], text


@pytest.mark.parametrize("entity", ["Appointment", "Dog"])
@pytest.mark.parametrize("kind", ["int", "number", "money", "text", "date", "datetime", "bool"])
def test_sql_gives_what_evaluate_gives(worlds, entity, kind):
    @settings(
        max_examples=40,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(expressions(entity, kind), st.integers(0, 2))
    def check(text: str, world: int) -> None:
        check_equal(worlds[world], entity, text)

    check()


@pytest.mark.parametrize("entity", ["Appointment", "Dog"])
@pytest.mark.parametrize("kind", sorted(FORMS))
def test_every_leaf_and_every_form_once(worlds, entity, kind):
    leaves = LEAVES[entity]
    simple = {name: forms[-1] for name, forms in leaves.items()}
    for form in [*leaves[kind], *FORMS[kind]]:
        places = re.sub(r"<(\w+)>", lambda match: f"({simple[match[1]]})" if match[1] in simple else "3", form)
        check_equal(worlds[0], entity, places)
        places = re.sub(r"<(\w+)>", lambda match: f"({leaves[match[1]][0]})" if match[1] in leaves else "7", form)
        check_equal(worlds[1], entity, places)


@pytest.mark.parametrize(
    "text", ["1.005 * (deposit - deposit + 1)", "(deposit - deposit + 1) * 8.175", "round(1.005, 2)"]
)
def test_decimal_fractions_are_rounded_as_they_read(worlds, text):
    check_equal(worlds[0], "Appointment", text)
    bound = bind(parse(text), Scope.record(VOCABULARY, "Appointment"))
    expected = {"1": 101, "(": 818, "r": 1.01}[text[0]]
    assert {expected} == set(worlds[0].select("Appointment", compile_expression(bound, worlds[0].context()))) - {None}


def condition_ids(world: World, scope: Scope, text: str, this: int | None = None) -> list[int]:
    bound = bind_condition(parse(text, CHOICES), scope)
    table = world.tables[scope.entity or ""]
    where = compile_condition(bound, world.context(), this=this)
    environment = world.environment()
    if this is not None:
        environment = replace(environment, this=next(r for r in world.rows[scope.this or ""] if r["id"] == this))
    found = list(world.connection.scalars(sa.select(table.c.id).where(where).order_by(table.c.id)))
    rows = world.rows[scope.entity or ""]
    assert found == [row["id"] for row in rows if evaluate(bound, replace(environment, record=row))]
    return found


def test_access_words(worlds):
    world = worlds[0]  # signed in as user 1, a client
    scope = Scope.visitor(VOCABULARY, "Ticket")
    everything = [row["id"] for row in world.rows["Ticket"]]
    assert condition_ids(world, scope, "anyone") == condition_ids(world, scope, "client or nobody") == everything
    assert condition_ids(world, scope, "nobody") == condition_ids(world, scope, "groomer") == []
    assert condition_ids(world, scope, "user and not groomer") == everything
    mine = [row["id"] for row in world.rows["Ticket"] if row["owner"] == 1]
    assert mine and condition_ids(world, scope, "own") == mine
    projects = {row["id"]: row for row in world.rows["Project"]}
    there = [t["id"] for t in world.rows["Ticket"] if t["project"] and 1 in projects[t["project"]]["members"]]
    assert there and condition_ids(world, scope, "project.members") == there
    readable = [
        t["id"] for t in world.rows["Ticket"] if t["project"] and (projects[t["project"]]["name"] or "").startswith("A")
    ]
    assert condition_ids(world, scope, "project") == readable
    assert condition_ids(world, scope, "own and status = Open") == [
        row["id"] for row in world.rows["Ticket"] if row["owner"] == 1 and row["status"] == "Open"
    ]
    appointments = Scope.visitor(VOCABULARY, "Appointment")
    liked = condition_ids(world, appointments, "dog.likes")
    dogs = {row["id"]: row for row in world.rows["Dog"]}
    assert liked == [a["id"] for a in world.rows["Appointment"] if a["dog"] and 1 in dogs[a["dog"]]["likes"]]


def test_several_owners(worlds):
    world = replace(worlds[0], own={"Dog": ("owner", "friends"), "Ticket": ("project.members",)})
    assert condition_ids(world, Scope.visitor(VOCABULARY, "Dog"), "own") == [
        row["id"] for row in world.rows["Dog"] if row["owner"] == 1 or 1 in row["friends"]
    ]
    assert condition_ids(world, Scope.visitor(VOCABULARY, "Ticket"), "own") == condition_ids(
        world, Scope.visitor(VOCABULARY, "Ticket"), "project.members"
    )


def test_a_visitor_who_is_not_signed_in_owns_nothing(worlds):
    world = replace(worlds[0], me=None)
    scope = Scope.visitor(VOCABULARY, "Dog")
    assert condition_ids(world, scope, "own or user or friends or owner") == []
    assert condition_ids(world, scope, "not own") == [row["id"] for row in world.rows["Dog"]]
    assert condition_ids(world, scope, "owner = me or me in friends or me.name = name") == []
    assert condition_ids(world, scope, "me = null") == [row["id"] for row in world.rows["Dog"]]


def test_this_of_a_page(worlds):
    world = worlds[0]
    scope = Scope.record(VOCABULARY, "Appointment", this="Dog")
    assert condition_ids(world, scope, "dog = this", this=1) == [
        row["id"] for row in world.rows["Appointment"] if row["dog"] == 1
    ]
    condition_ids(world, scope, "owner = this.owner and day > this.birthday and this.age > 0", this=2)
    bound = bind(parse("count(Appointment where dog = this)"), Scope.page(VOCABULARY, this="Dog"))
    found = world.connection.scalar(sa.select(compile_expression(bound, world.context(), this=1)))
    assert found == sum(row["dog"] == 1 for row in world.rows["Appointment"])


def test_stats_of_a_page_cover_all_records(worlds):
    world = worlds[0]
    bound = bind(parse("count(Appointment where status = Needs repair)", CHOICES), Scope.page(VOCABULARY))
    count = sum(row["status"] == "Needs repair" for row in world.rows["Appointment"])
    assert world.connection.scalar(sa.select(compile_expression(bound, world.context()))) == count > 0
    nothing = bind(parse("sum(Match.goals where goals > 99)"), Scope.page(VOCABULARY))
    assert world.connection.scalar(sa.select(compile_expression(nothing, world.context()))) == 0
    nothing = bind(parse("avg(Match.goals where goals > 99)"), Scope.page(VOCABULARY))
    assert world.connection.scalar(sa.select(compile_expression(nothing, world.context()))) is None


def test_records_under_an_alias(worlds):
    world = worlds[0]
    row = world.tables["Dog"].alias()
    bound = bind(parse("visits + length(friends)"), Scope.record(VOCABULARY, "Dog"))
    query = sa.select(compile_expression(bound, world.context(), row)).select_from(row).order_by(row.c.id)
    found = list(world.connection.scalars(query))
    assert found == world.select("Dog", compile_expression(bound, world.context()))


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("status = Booked and paid", "by_status"),
        ("starts >= today", "by_starts"),
        ("starts = today and not paid", "by_starts"),
        ("status in [Booked, Needs repair]", "by_status"),
        ("starts > now - 3 days", "by_starts"),
    ],
)
def test_plain_conditions_use_an_index(worlds, text, index):
    world = worlds[0]
    bound = bind_condition(parse(text, CHOICES), Scope.record(VOCABULARY, "Appointment"))
    table = world.tables["Appointment"]
    query = sa.select(table.c.id).where(compile_condition(bound, world.context()))
    compiled = query.compile(world.connection, compile_kwargs={"literal_binds": True})
    plan = " ".join(str(row) for row in world.connection.execute(sa.text(f"EXPLAIN QUERY PLAN {compiled}")))
    assert f"USING INDEX {index}" in plan or f"USING COVERING INDEX {index}" in plan


def test_two_expressions_that_differ_in_a_unit_are_not_confused(worlds):
    """SQLAlchemy caches compiled statements; the unit is part of the key."""
    world, scope = worlds[0], Scope.record(VOCABULARY, "Appointment")
    day, month = (
        world.select("Appointment", compile_expression(bind(parse(text), scope), world.context()))
        for text in ("day + days(1)", "day + months(1)")
    )
    assert day != month
    assert sa.select(compile_expression(bind(parse("day + 1 day"), scope), world.context()))._generate_cache_key()


@pytest.mark.parametrize("entity", ["Appointment", "Dog"])
def test_postgresql_has_words_for_everything(worlds, entity):
    """Only compiled: that PostgreSQL understands them is for a test with a server."""

    @settings(max_examples=25, derandomize=True, deadline=None, database=None)
    @given(expressions(entity, "bool"))
    def check(text: str) -> None:
        try:
            bound = bind(parse(text, CHOICES), Scope.record(VOCABULARY, entity))
        except ExpressionError:
            assume(False)
        column = compile_expression(bound, worlds[0].context())
        text_of = str(sa.select(column).compile(dialect=postgresql.dialect()))
        assert "strftime" not in text_of and "julianday" not in text_of and "json_each" not in text_of

    check()
