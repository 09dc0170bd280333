"""What names mean, which types fit, and what the errors say."""

import pytest

from espalier.blueprint.expression import (
    ExpressionError,
    FieldInfo,
    Scope,
    bind,
    bind_condition,
    condition_faults,
    faults,
    parse,
    rename_choice,
    rename_role,
    renamed,
    to_text,
)
from espalier.blueprint.expression.nodes import Choice
from tests.blueprint.expression_example import CHOICES, LINES, VOCABULARY, ExampleVocabulary

APPOINTMENT = Scope.record(VOCABULARY, "Appointment")
DOG = Scope.record(VOCABULARY, "Dog")
TEAM = Scope.record(VOCABULARY, "Team")
TICKET = Scope.visitor(VOCABULARY, "Ticket")
PAGE = Scope.page(VOCABULARY)


def bound(text, scope=APPOINTMENT):
    return bind(parse(text, CHOICES), scope)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("number", "int"), ("number + 1", "int"), ("number / 2", "number"), ("number + score", "number"),
        ("deposit", "money"), ("deposit * score", "money"), ("deposit / 3", "money"), ("deposit / cost", "number"),
        ("deposit + 5", "money"), ("if(paid, deposit, 0)", "money"), ("round(deposit)", "money"), ("round(score)", "int"),
        ("round(score, 1)", "number"), ("dog.age", "int"), ("dog.likes", "int"), ("dog.likes + 1", "int"),
        ("today + 3 days", "date"), ("today + 3 hours", "datetime"), ("starts - 1 day", "datetime"),
        ("month(starts)", "date"), ("weekday(day)", "int"), ("days(day, starts)", "int"), ("hours(starts, now)", "number"),
        ("min(day, today)", "date"), ("coalesce(day, starts)", "datetime"), ("notes + dog.name", "text"),
        ("status", "choice"), ("if(paid, Done, status)", "choice"), ("lower(status)", "text"), ("me", "reference"),
        ("assignee", "reference"), ("me.name", "text"), ("dog.owner.team.name", "text"), ("paid", "bool"),
        ("client", "bool"), ("count(Match)", None), ("sum(Appointment.deposit where dog = this.dog)", "money"),
        ("avg(Appointment.deposit where dog = this.dog)", "money"), ("latest(Appointment.status where dog = this.dog)", "choice"),
    ],
)  # fmt: skip
def test_types(text, kind):
    if kind is None:
        with pytest.raises(ExpressionError):
            bound(text)
    else:
        assert bound(text).type.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "status = Done", 'status = "Needs repair"', "Done = status", "status in [Done, On hold]", 'starts > "2026-01-31 10:00"',
        'day = "2026-01-31"', 'time < "18:30"', "starts >= today", "deposit > 3.5", "3 < deposit", "owner = me",
        "me in dog.likes", "assignee in dog.friends", "Dry comb in tools", '"x" in dog.tags', "dog.friends = null",
        "month(day) = month(today)", "created > now - 3 days", "paid = true", "me.role = client", "this.status = Done",
        "not client or groomer and paid", "assignee = dog.owner", 'contains(dog.tags, "x")', "dog != null",
    ],
)  # fmt: skip
def test_conditions_that_hold_together(text):
    assert condition_faults(parse(text, CHOICES), APPOINTMENT) == []


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("statsu = Done", "there is no field `statsu` in Appointment", "status"),
        ("dog.nmae", "there is no field `nmae` in Dog", "dog.name"),
        ("price > 3", "there is no field `price`", "service.price"),
        ("status = Dune", "`Dune` is not one of `Booked`, `Done`, `Needs repair`, `On hold`", "Done"),
        ('status = "done"', "is not one of", "Done"),
        ("status in [Done, Bookt]", "`Bookt` is not one of", "Booked"),
        ("status in Done", "after `in` stands a list", "status in [Done]"),
        ("status = Booked or Done", "alone is not something true or false", "status in [Booked, Done]"),
        ("status > Done", "choice values have no order", None),
        ("tools = Brush", "`tools` holds many", "Brush in tools"),
        ("dog.likes = me", "`dog.likes` holds many", "me in dog.likes"),
        ('"x" in notes', "ask whether it contains", 'contains(notes, "x")'),
        ("me in assignee", "is one record; compare with =", "assignee = me"),
        ('dog = "Rex"', '`dog` is a Dog and `"Rex"` is text', 'dog.name = "Rex"'),
        ("dog = service", "they are never the same", None),
        ("notes = hello", "text stands in quotes", '"hello"'),
        ("number = notes", "`number` is a whole number and `notes` is text; they cannot be compared", None),
        ("deposit = score", "`deposit` is money and `score` is a rating", None),
        ("deposit + score", "declare both as money", None),
        ("deposit * deposit", "money times money", None),
        ("notes + number", "`+` cannot add them", None),
        ("day + 3", "say of what", "day + 3 days"),
        ("day - today", "the time between two dates", "days(today, day)"),
        ("years(day)", "between which two", "years(day, today)"),
        ("3 days", "a duration stands only after + or -", None),
        ('day = "tomorrow"', '`tomorrow` is not a date; write it as "2026-01-31"', None),
        ("dog.friends.name", "`dog.friends` are many records", None),
        ("dog.friends + 1", "use length(dog.friends)", "length(dog.friends)"),
        ("dog.name.first", "`dog.name` is text, it has no fields", "dog.name"),
        ("not status", "`status` is a choice; here must be something true or false", "status != null"),
        ("assignee and paid", "`assignee` is a User", "assignee = me"),
        ("score % 2", "whole numbers", None),
        ("number > null", "compare null with = or !=", None),
        ("lenght(notes)", "there is no function `lenght`", "length"),
        ("round(score, number)", "whole number of digits from 0 to 6", None),
        ("if(paid, 1)", "if is written if(condition, then, otherwise)", None),
        ("if(paid, 1, notes)", "must be of one type", None),
        ("sum(number * 2)", "computed field", None),
        ("count(Apointment)", "is not an entity", "count(Appointment)"),
        ("count(Dog)", "Dog has no field that refers to Appointment", "count(Dog where id = this.dog.id)"),
        ("sum(Appointment where dog = this.dog)", "sum needs a field", "sum(Appointment.number)"),
        ("sum(Appointment.notes where dog = this.dog)", "sum is for numbers and money", None),
        ("Match", "is an entity, not a field of Appointment", None),
        ("dog.circle", "circle -> round_about -> circle: these fields are computed from each other", None),
        ("[1, 2]", "a list stands only after `in`", None),
        ("own", "there is no field `own`", None),
    ],
)
def test_errors_say_what_to_write_instead(text, message, suggestion):
    found = faults(parse(text, CHOICES), APPOINTMENT)
    assert len(found) == 1
    assert message in found[0].message
    assert found[0].suggestion == suggestion
    assert text[found[0].start : found[0].end]
    with pytest.raises(ExpressionError):
        bound(text)


def test_all_faults_are_told_at_once():
    found = faults(parse("statsu = Done and number = notes or lenght(notes) > 3"), APPOINTMENT)
    assert [error.suggestion for error in found] == ["status", None, "length"]


def test_aggregates_are_tied_to_the_record():
    assert bound("count(Appointment)", DOG).meaning.tie == "dog"
    assert bound("count(Appointment where dog = this)", DOG).meaning.tie is None
    assert bound("count(Appointment)", PAGE).meaning.tie is None
    assert bound("count(Match where home = this)", TEAM).meaning.tie is None
    assert bound("count(Ticket)", Scope.record(VOCABULARY, "User")).meaning.tie == "owner"
    assert bound("count(Appointment)", Scope.record(VOCABULARY, "User")).meaning.tie == "assignee"
    with pytest.raises(ExpressionError, match="by `home`, `away`; say which one") as error:
        bound("count(Match where goals > 3)", TEAM)
    assert error.value.suggestion == "count(Match where home = this and goals > 3)"
    with pytest.raises(ExpressionError, match="the record around it is `this`") as error:
        bound("count(Appointment where day = birthday)", DOG)
    assert error.value.suggestion == "this.birthday"


def test_an_aggregate_over_many_references():
    bound_ = bound("count(Project)", Scope.record(VOCABULARY, "User"))
    assert bound_.meaning.tie == "members" and bound_.meaning.tie_many


def test_pages_have_no_record():
    assert bound("client", PAGE).type.kind == "bool"
    for text, suggestion in [("Match", "count(Match)"), ("Match.goals", "sum(Match.goals)"), ("clint", "client")]:
        with pytest.raises(ExpressionError) as error:
            bound(text, PAGE)
        assert error.value.suggestion == suggestion
    assert bound("this.name", Scope.page(VOCABULARY, this="Dog")).type.kind == "text"
    with pytest.raises(ExpressionError, match="here is none"):
        bound("this.name", PAGE)


def test_words_of_access():
    for text in ["anyone", "nobody", "user", "own or client", "project", "project.members", "project.owner", "admin",
                 "status = New or own", "me in project.members"]:  # fmt: skip
        assert bind_condition(parse(text), TICKET).type.kind == "bool"
    assert [error.suggestion for error in condition_faults(parse("onw or clint or title"), TICKET)] == [
        "own", "client", "title != null",
    ]  # fmt: skip
    with pytest.raises(ExpressionError, match="`own` needs a record"):
        bind_condition(parse("own"), Scope.visitor(VOCABULARY))


def test_a_role_wins_over_a_field_only_in_access():
    vocabulary = ExampleVocabulary({**LINES, "Walk": {"groomer": "text", "client": "ref User"}}, ("client", "groomer"))
    assert bind(parse("groomer"), Scope.record(vocabulary, "Walk")).type.kind == "text"
    assert bind(parse("groomer"), Scope.visitor(vocabulary, "Walk")).type.kind == "bool"
    assert bind(parse("client = me"), Scope.record(vocabulary, "Walk")).type.kind == "bool"


def test_single_words_become_choice_values():
    node = bound("status in [Done, Booked] or status = Done").node
    assert node.right.right == Choice("Done")
    assert to_text(node) == "status in [Done, Booked] or status = Done"
    assert to_text(bound('status = "On hold"').node) == "status = On hold"


def test_what_the_place_expects():
    status = VOCABULARY.field("Appointment", "status")
    assert to_text(bind(parse("Booked"), APPOINTMENT, status).node) == "Booked"
    assert bind(parse("Booked"), APPOINTMENT, status).meaning.value == "Booked"
    assert bind(parse("2.5"), APPOINTMENT, FieldInfo("money")).meaning.value == 250
    assert bind(parse("today"), APPOINTMENT, FieldInfo("datetime")).type.kind == "datetime"
    assert bind(parse("null"), APPOINTMENT, status).meaning.value is None
    for text, field in [("Boked", status), ("3", status), ("notes", FieldInfo("money")), ('"x"', FieldInfo("int")),
                        ("service", FieldInfo("reference", target="Dog"))]:  # fmt: skip
        assert len(faults(parse(text), APPOINTMENT, field)) == 1


def test_computed_fields_may_not_make_an_expression_heavy():
    lines = {"Tower": {"f0": "int = count(Tower where id = this.id)"}, "User": {}}
    lines["Tower"] |= {f"f{level}": f"int = f{level - 1} + f{level - 1}" for level in range(1, 16)}
    with pytest.raises(ExpressionError, match="too heavy"):
        bind(parse("f15"), Scope.record(ExampleVocabulary(lines), "Tower"))


def test_a_fault_inside_a_computed_field_names_the_field():
    lines = {"Thing": {"a": "int = b + 1", "b": "int = wrong"}, "User": {}}
    found = faults(parse("a + a"), Scope.record(ExampleVocabulary(lines), "Thing"))
    assert "the computed field `a` of Thing has a fault" in found[0].message


def test_renaming():
    text = "count(Appointment.service.name where status = Done and dog = this.dog) + dog.age"
    assert to_text(renamed(bound(text), {"Appointment": "Visit"}, {})) == text.replace("Appointment", "Visit")
    assert to_text(renamed(bound(text), {}, {("Appointment", "dog"): "pet"})) == (
        "count(Appointment.service.name where status = Done and pet = this.pet) + pet.age"
    )
    assert to_text(renamed(bound(text), {}, {("Dog", "age"): "years_old"})) == text.replace("dog.age", "dog.years_old")
    assert to_text(renamed(bound(text), {}, {("Service", "name"): "title"})) == text.replace(
        "service.name", "service.title"
    )
    assert renamed(bound(text), {}, {("Dog", "name"): "title"}) == bound(text).node
    assert to_text(rename_choice(bound(text), "Appointment", "status", "Done", "All done")) == text.replace(
        "Done", "All done"
    )
    assert to_text(rename_choice(bound(text), "Ticket", "status", "Done", "x")) == text
    assert to_text(rename_role(bound("client and paid or me.role = client"), "client", "customer")) == (
        "customer and paid or me.role = customer"
    )
    assert (
        to_text(renamed(bound("count(likes) + likes", DOG), {}, {("Dog", "likes"): "hearts"}))
        == "count(hearts) + hearts"
    )
