"""Values: every line of the section Expressions, what nothing does, exact money, calendar arithmetic, and plain CEL."""

import datetime
import re
from dataclasses import replace

import celpy
import pytest
from celpy import celtypes
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from espalier.blueprint.expression import (
    Environment,
    FieldInfo,
    Scope,
    bind,
    evaluate,
    evaluate_aggregate,
    parse,
    to_cel,
)
from tests.blueprint.expression_example import CHOICES, VOCABULARY, ExampleVocabulary

TODAY = datetime.date(2026, 11, 22)  # a Sunday
NOW = datetime.datetime(2026, 11, 22, 18, 30)
ROWS = {
    "User": [{"id": 1, "name": "Ann", "team": 1, "role": "client"}, {"id": 2, "name": "Ben"}],
    "Team": [{"id": 1, "name": "Reds", "lead": 2}],
    "Service": [{"id": 1, "name": "Bath", "price": 1999, "minutes": 30}],
    "Dog": [
        {"id": 1, "name": "Rex", "owner": 1, "birthday": datetime.date(2020, 11, 23), "likes": [1, 2], "friends": [2],
         "tags": ["good"], "created": NOW},
        {"id": 2, "name": None, "owner": 2, "created": NOW},
    ],
    "Appointment": [
        {"id": 1, "dog": 1, "service": 1, "status": "Done", "deposit": 500, "day": TODAY, "paid": True, "number": 7,
         "discount": 7.5, "created": NOW - datetime.timedelta(days=2), "starts": NOW, "tools": ["Brush"], "assignee": 1,
         "time": datetime.time(9, 30)},
        {"id": 2, "dog": 1, "service": None, "status": None, "deposit": None, "day": TODAY - datetime.timedelta(days=1),
         "paid": None, "number": -7, "created": NOW, "score": 3.5},
        {"id": 3, "dog": None, "service": 1, "status": "Booked", "deposit": 1, "day": None, "created": NOW},
    ],
    "Match": [], "Project": [], "Ticket": [],
}  # fmt: skip
ENVIRONMENT = Environment(
    me=ROWS["User"][0],
    roles=frozenset({"client"}),
    today=TODAY,
    now=NOW,
    lookup=lambda entity, id: next((row for row in ROWS[entity] if row["id"] == id), None),
    aggregate=lambda node, around: evaluate_aggregate(node, ROWS[node.entity], around),
)


def value(text, entity="Appointment", id=1, **changes):
    environment = replace(ENVIRONMENT, record=ENVIRONMENT.lookup(entity, id), **changes)
    return evaluate(bind(parse(text, CHOICES), Scope.record(VOCABULARY, entity)), environment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3), ("2.5", 2.5), ('"text"', "text"), ("true", True), ("null", None), ("today", TODAY), ("now", NOW),
        ("me", 1), ("me.name", "Ann"), ("me.team.lead.name", "Ben"), ("deposit", 500), ("service.price", 1999),
        ("dog.owner.name", "Ann"), ("status = Done", True), ("status != Done", False), ("number < 8", True),
        ("number <= 6", False), ("status in [Done, On hold]", True), ("status in [Booked]", False), ("me in dog.likes", True),
        ("owner in dog.likes", False), ("Brush in tools", True), ('"bad" in dog.tags', False), ("number + 1", 8),
        ("number - 8", -1), ("number * 2", 14), ("number / 2", 3.5), ("number % 4", 3), ("-number % 4", -3),
        ("paid and number > 3", True), ("not paid or number > 8", False), ("if(paid, 1, 2)", 1), ("round(number / 3, 2)", 2.33),
        ("round(2.5)", 3), ("round(-2.5)", -3), ("abs(-number)", 7), ("min(number, 3)", 3), ("max(number, 3, 9)", 9),
        ("coalesce(score, number)", 7), ("length(dog.name)", 3), ("length(dog.friends)", 1), ("lower(dog.name)", "rex"),
        ('contains(dog.name, "ex")', True), ('contains(dog.name, "EX")', False), ('dog.name + "!"', "Rex!"),
        ("days(day, today + 3 days)", 3), ("weeks(today, today + 20 days)", 2), ("weeks(today, today - 20 days)", -2),
        ("months(today, today + 3 months)", 3), ("years(dog.birthday, today)", 5), ("years(dog.birthday, today + 1 day)", 6),
        ("hours(starts, now + 90 minutes)", 1.5), ("minutes(starts, now + 90 minutes)", 90),
        ("days(now, today + 1 day)", 1), ("today + 3 days", datetime.date(2026, 11, 25)),
        ("today + days(number)", datetime.date(2026, 11, 29)), ("today - 2 weeks", datetime.date(2026, 11, 8)),
        ("today + 2 hours", datetime.datetime(2026, 11, 22, 2)), ("now + hours(1.5)", datetime.datetime(2026, 11, 22, 20)),
        ("day(now)", TODAY), ("week(now)", datetime.date(2026, 11, 16)), ("month(today)", datetime.date(2026, 11, 1)),
        ("quarter(today)", datetime.date(2026, 10, 1)), ("year(today)", datetime.date(2026, 1, 1)), ("weekday(today)", 7),
        ("month(day) = month(today)", True), ("starts = today", True), ("starts > today", False), ("starts < today", False),
        ("starts <= today", True), ("today < starts", False), ("starts >= today + 1 day", False), ("client", True),
        ("groomer", False), ("me.role = client", True), ('time < "10:00"', True), ('day = "2026-11-22"', True),
        ("dog.age", 5), ("dog.likes", 2), ("dog.visits", 2), ("cost", 1849), ("0 < number < 10", True),
    ],
)  # fmt: skip
def test_values(text, expected):
    found = value(text)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score = 3.5", True), ("status = Done", False), ("status != Done", True), ("not status = Done", True),
        ("status = null", True), ("status != null", False), ("deposit > 0", False), ("deposit < 0", False),
        ("not deposit > 0", True), ("deposit + 1", None), ("deposit * 2", None), ("service.price", None),
        ("service.price = null", True), ("paid", None), ("not paid", True), ("paid or true", True), ("paid and true", False),
        ("paid = false", False), ("paid != true", True), ("number / 0", None), ("number % 0", None),
        ("number / 0 > 1", False), ("coalesce(deposit, 3)", 300), ("min(deposit, 3)", None), ("if(paid, 1, 2)", 2),
        ("status in [Done]", False), ("not status in [Done]", True), ("tools = null", True), ("Brush in tools", False),
        ("cost", None), ("notes = dog.breed", False), ("notes != dog.breed", False),
        ('notes + "x"', None), ('contains(notes, "x")', None), ("me in dog.likes", True), ("starts < today", False),
        ("starts != today", True),
    ],
)  # fmt: skip
def test_nothing_is_an_error(text, expected):
    assert value(text, id=2) == expected


def test_over_records():
    assert value("count(Appointment)", "Dog") == 2
    assert value("count(Appointment)", "Dog", 2) == 0
    assert value("sum(Appointment.deposit)", "Dog") == 500
    assert value("sum(Appointment.deposit)", "Dog", 2) == 0
    assert value("avg(Appointment.score)", "Dog") == 3.5
    assert value("avg(Appointment.score)", "Dog", 2) is None
    assert value("min(Appointment.number)", "Dog") == -7
    assert value("max(Appointment.day)", "Dog") == TODAY
    assert value("latest(Appointment.number)", "Dog") == -7
    assert value("latest(Appointment.deposit)", "Dog") == 500  # the newest that has one
    assert value("latest(Appointment.status) = Done", "Dog") is True
    assert value("count(Appointment where status = Done)", "Dog") == 1
    assert value("count(Appointment.status)", "Dog") == 1
    assert value("count(Appointment where assignee = this.owner)", "Dog") == 1
    assert value("spent", "Dog") == 1849
    assert value("streak(Appointment.day)", "Dog") == 2
    assert value("streak(Appointment.day)", "Dog", today=TODAY + datetime.timedelta(days=1)) == 2
    assert value("streak(Appointment.day)", "Dog", today=TODAY + datetime.timedelta(days=2)) == 0
    assert value("streak(Appointment.day)", "Dog", today=TODAY - datetime.timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("service.price * 0.075", 150), ("service.price * 7.5 / 100", 150), ("service.price / 3", 666),
        ("service.price / 3 * 3", 1999), ("-service.price / 2", -1000), ("service.price * 0.5", 1000),
        ("1.005 * (service.price - 18.99)", 101), ("deposit + 0.1 + 0.2", 530), ("round(service.price)", 2000),
        ("round(service.price, 1)", 2000), ("round(service.price * 3 / 7, 1)", 860), ("max(deposit, 20)", 2000),
        ("number * service.price", 13993),
    ],
)  # fmt: skip
def test_money_is_exact(text, cents):
    found = value(text)
    assert found == cents and type(found) is int


def test_a_number_computed_for_a_money_field_is_an_amount():
    bound = bind(parse("number * 1.005"), Scope.record(VOCABULARY, "Appointment"), FieldInfo("money"))
    assert evaluate(bound, replace(ENVIRONMENT, record={"number": 3})) == 302  # 3.015, half a cent away from zero


def test_calendar():
    def moved(text, day):
        return value(text, id=1, today=day)

    assert moved("today + 1 month", datetime.date(2026, 1, 31)) == datetime.date(2026, 2, 28)
    assert moved("today - 1 month", datetime.date(2026, 3, 31)) == datetime.date(2026, 2, 28)
    assert moved("today + 1 year", datetime.date(2024, 2, 29)) == datetime.date(2025, 2, 28)
    assert moved("today + 12000 years", datetime.date(2024, 2, 29)) is None
    assert moved("years(today, today + 12 months)", datetime.date(2024, 2, 29)) == 0
    assert moved("years(today, today + 1 year + 1 day)", datetime.date(2024, 2, 29)) == 1


# --- plain CEL: what we print as CEL means the same to an implementation of CEL ----------------------------------------

CEL_FIELDS = {"x": "int", "y": "number", "z": "money", "name": "text", "label": "text", "done": "bool", "paid": "bool"}
CEL_FORMS = {
    "number": ["x", "y", "3", "0.5", "-2", "(<number> + <number>)", "(<number> - <number>)", "(<number> * <number>)",
               "if(<bool>, <number>, <number>)", "length(<text>)", "-<number>", "x % 3"],
    "text": ["name", "label", '"a b"', '"ü\\"\\\\"', "(<text> + <text>)", "if(<bool>, <text>, <text>)", "kind"],
    "bool": ["done", "paid", "true", "(<bool> and <bool>)", "(<bool> or <bool>)", "(not <bool>)", "(<bool> = <bool>)",
             *(f"(<number> {sign} <number>)" for sign in ("=", "!=", "<", "<=", ">", ">=")), "(<text> < <text>)",
             "(<text> != <text>)", "(<number> in [<number>, 3])", "contains(<text>, <text>)", "(kind = Two words)",
             "(kind in [One, Two words])", "if(<bool>, <bool>, <bool>)", "(z > 3.5)", "(z + 2 < 5 - z)"],
}  # fmt: skip


@st.composite
def cel_expressions(draw, depth=3):
    def make(kind, depth):
        forms = CEL_FORMS[kind] if depth else [form for form in CEL_FORMS[kind] if "<" not in form.replace(" < ", "")]
        return re.sub(r"<(\w+)>", lambda match: make(match[1], depth - 1), draw(st.sampled_from(forms)))

    return make(draw(st.sampled_from(sorted(CEL_FORMS))), depth)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(
    cel_expressions(), st.integers(-9, 9), st.integers(-99, 99), st.integers(0, 9), st.sampled_from(["", "a", "a b", "Ü"]),
    st.booleans(), st.sampled_from(["One", "Two words"]),
)  # fmt: skip
def test_cel_gives_the_same(text, x, quarters, whole, name, done, kind):
    vocabulary = ExampleVocabulary({"Thing": {**CEL_FIELDS, "kind": "choice One|Two words"}, "User": {}})
    bound = bind(parse(text, frozenset({"One", "Two words"})), Scope.record(vocabulary, "Thing"))
    y = quarters / 4
    record = {
        "x": x,
        "y": y,
        "z": whole * 100,
        "name": name,
        "label": "b",
        "done": done,
        "paid": not done,
        "kind": kind,
    }
    program = celpy.Environment().program(celpy.Environment().compile(to_cel(bound.node)))
    found = program.evaluate(
        {
            "x": celtypes.DoubleType(x), "y": celtypes.DoubleType(y), "z": celtypes.DoubleType(whole),
            "name": celtypes.StringType(name), "label": celtypes.StringType("b"), "done": celtypes.BoolType(done),
            "paid": celtypes.BoolType(not done), "kind": celtypes.StringType(kind),
        }
    )  # fmt: skip
    expected = evaluate(bound, replace(ENVIRONMENT, record=record))
    assume(not isinstance(expected, float) or abs(expected) < 1e12)
    if bound.type.kind == "bool":
        assert bool(found) is expected
    else:
        assert (str(found) if isinstance(expected, str) else float(found)) == expected
