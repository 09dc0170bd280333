"""Reading and printing expressions: the canonical spelling, what else is understood, bounds, errors."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.blueprint.expression import ExpressionError, field_paths, is_constant, parse, to_cel, to_text
from espalier.blueprint.expression.nodes import (
    Aggregate,
    Binary,
    Boolean,
    Call,
    Choice,
    In,
    ListLiteral,
    Null,
    Number,
    Path,
    Text,
    Unary,
)
from tests.blueprint.expression_example import CHOICES
from tests.blueprint.expression_strategies import FORMS, expressions

# Every line of the section Expressions of docs/language.md, in its canonical spelling.
CANONICAL = [
    "3", "2.5", "-4", '"text"', "true", "false", "null", "Needs repair", "today", "now", "me", "me.name", "this",
    "price", "service.price", "owner.name", "status = Needs repair", "a = b", "a != b", "a < b", "a <= b", "a > b",
    "a >= b", "x in [A, B]", "me in likes", "a + b - c", "a * b / c % d", "a and b or not c", "(a or b) and c",
    "count(Booking where status = Paid)", "sum(Payment.amount)", "avg(Review.score)", "min(Payment.amount)",
    "max(Payment.amount where paid)", "latest(Reading.value)", "streak(Entry.day)", "count(Match where home = this)",
    "if(c, a, b)", "round(x, 2)", "abs(x)", "min(a, b)", "max(a, b)", "coalesce(a, b)", "length(x)", "lower(x)",
    'contains(text, "x")', "days(from, to)", "minutes(a, b)", "hours(a, b)", "weeks(a, b)", "months(a, b)",
    "years(birthday, today)", "today + 3 days", "last + days(every)", "month(due) = month(today)", "quarter(x)",
    "weekday(x)", "x = null", "x != null", "1 day", "2.5 hours", "quantity * product.price",
    "read = not_a_keyword and android or order", "a - (b - c)", "a - b - c", "not (a and b)", "-(a + b)",
    "(a = b) = c", "not a = b", "count(A where x in [1, 2] and y) > 2",
]  # fmt: skip


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_spelling_stays_as_it_is(text):
    assert to_text(parse(text, CHOICES)) == text


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a == b && !c || d <> e", "a = b and not c or d != e"),
        ("status is Done", "status = Done"),
        ("status is not Needs repair", "status != Needs repair"),
        ("x is not null", "x != null"),
        ("x = None", "x = null"),
        ("x == empty", "x = null"),
        ("done = True", "done = true"),
        ("x not in [A, B]", "not x in [A, B]"),
        ("name = 'Rex'", 'name = "Rex"'),
        ("name = “Rex”", 'name = "Rex"'),
        (r"name = 'it\'s \"so\"'", r'name = "it' + r"'s \"so\"" + '"'),
        ("c ? a : d ? e : f", "if(c, a, if(d, e, f))"),
        ("IF(c, 1, 2)", "if(c, 1, 2)"),
        ("a AND b OR c", "a and b or c"),
        ("count Booking where x > 1 and y", "count(Booking where x > 1 and y)"),
        ("left - count Booking where status = Needs repair", "left - count(Booking where status = Needs repair)"),
        ("sum Payment.amount - sum Expense.amount", "sum(Payment.amount) - sum(Expense.amount)"),
        ("(avg Review.score where stars > 3) / 2", "avg(Review.score where stars > 3) / 2"),
        ("max(count A where b, 3)", "max(count(A where b), 3)"),
        ("average(Review.score)", "avg(Review.score)"),
        ("count(Booking, status = Paid)", "count(Booking where status = Paid)"),
        ("years since birthday", "years(birthday, today)"),
        ("days since x > 3", "days(x, today) > 3"),
        ("days until due + 1", "days(today, due) + 1"),
        ("hours since started", "hours(started, now)"),
        ("days(3)", "3 days"),
        ("today - 1 days", "today - 1 day"),
        ("-3 days", "days(-3)"),
        ('name.contains("x")', 'contains(name, "x")'),
        ("dog.name.size()", "length(dog.name)"),
        ("has(dog.name)", "dog.name != null"),
        ("0 < x <= 10", "0 < x and x <= 10"),
        ("!a = b", "(not a) = b"),
        ("((a))", "a"),
        ("2.50", "2.5"),
        ("price × 2 ≥ 3", "price * 2 >= 3"),
        ("  status  ", "status"),
    ],
)
def test_other_spellings_are_read(written, canonical):
    node = parse(written, CHOICES)
    assert to_text(node) == canonical
    assert parse(canonical, CHOICES) == node


def test_a_choice_called_none_is_a_choice_value():
    assert parse("priority = None", frozenset({"None", "Low"})) == Binary("=", Path(("priority",)), Path(("None",)))
    assert parse("priority = None") == Binary("=", Path(("priority",)), Null())


def test_choice_values_are_taken_whole_and_only_where_a_value_stands():
    choices = frozenset({"On hold", "On hold now", "in stock", "Food and drink", "N/A", "3 days", "a, b"})
    assert parse("x = On hold now", choices) == Binary("=", Path(("x",)), Choice("On hold now"))
    assert parse("x = Food and drink and y", choices).left.right == Choice("Food and drink")
    assert parse("x in stock", choices) == In(Path(("x",)), Path(("stock",)))
    assert parse("x = in stock", choices).right == Choice("in stock")
    assert parse("x = N/A", choices).right == Choice("N/A")
    assert parse("today + 3 days", choices).right == Call("days", (Number(3),))
    assert parse('x = "On hold"', choices).right == Text("On hold")
    assert to_text(Binary("=", Path(("x",)), Choice("3 days"))) == 'x = "3 days"'
    assert to_text(Binary("=", Path(("x",)), Choice("a, b"))) == 'x = "a, b"'


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("", 0, 0, "missing"),
        ("a b", 0, 3, "operator is missing"),
        ("status = needs repair", 9, 21, "did you mean `Needs repair`"),
        ("status = Needs repairs", 9, 22, "did you mean `Needs repair`"),
        ("(a", 2, 2, "never closed"),
        ("a)", 1, 2, "closes nothing"),
        ("x in [a", 7, 7, "square bracket"),
        ('a = "b', 4, 6, "quote"),
        ("a =", 3, 3, "ends too early"),
        ("= a", 0, 1, "begin"),
        ("3x", 0, 2, "neither a number nor a name"),
        ("a ; b", 2, 3, "no meaning"),
        ("{a}", 0, 1, "curly"),
        ("if a then b", 0, 4, "if(condition, then, otherwise)"),
        ("round(x where y)", 0, 5, "count"),
        ("a = 1234567890123456", 4, 20, "15 digits"),
        ("a * / b", 4, 5, "cannot stand after"),
    ],
)
def test_errors_say_what_and_where(text, start, end, words):
    with pytest.raises(ExpressionError) as error:
        parse(text, CHOICES)
    assert words in str(error.value)
    assert (error.value.start, error.value.end) == (start, end)


def test_expressions_are_bounded():
    assert parse("x" + " + y" * 29)
    for text, words in [
        ("a" * 501, "500"),
        ("x" + " + y" * 40, "nested deeper than 30"),
        ("not " * 40 + "x", "nested deeper than 30"),
        ("if(a, b, " * 33 + "c" + ")" * 33, "nested deeper than 30"),
    ]:
        with pytest.raises(ExpressionError, match=words):
            parse(text)
    assert parse("(" * 240 + "a" + ")" * 240) == Path(("a",))


def test_spans_point_into_the_text():
    text = "paid and dog.age > count(Visit where x)"
    node = parse(text)
    assert text[node.right.left.start : node.right.left.end] == "dog.age"
    assert text[node.right.right.start : node.right.right.end] == "count(Visit where x)"


NAMES = st.sampled_from(["a", "status", "dog", "größe", "order", "inside", "nothing_much", "days", "count"])
NODES = st.recursive(
    st.one_of(
        st.builds(Number, st.integers(-999, 999)),
        st.builds(Number, st.integers(-99999, 99999).filter(lambda n: n % 100).map(lambda n: Decimal(n) / 100)),
        st.builds(Text, st.text(max_size=6)), st.builds(Boolean, st.booleans()), st.just(Null()),
        st.sampled_from([Choice(value) for value in sorted(CHOICES) if " " in value]),
        st.builds(lambda names: Path(tuple(names)), st.lists(NAMES, min_size=1, max_size=3)),
    ),
    lambda inner: st.one_of(
        st.builds(Binary, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "and", "or"]), inner, inner),
        st.builds(Unary, st.just("not"), inner),
        st.builds(Unary, st.just("-"), inner.filter(
            lambda node: not isinstance(node, Number) and not (isinstance(node, Call) and len(node.arguments) == 1))),
        st.builds(In, inner, inner),
        st.builds(lambda items: ListLiteral(tuple(items)), st.lists(inner, max_size=3)),
        st.builds(lambda *arguments: Call("if", arguments), inner, inner, inner),
        st.builds(lambda unit, amount: Call(unit, (amount,)), st.sampled_from(["days", "hours"]), inner),
        st.builds(lambda names, where: Aggregate("sum", names[0], tuple(names[1:]), where),
                  st.lists(NAMES, min_size=1, max_size=2), st.none() | inner),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(NODES)
def test_what_is_printed_reads_as_the_same_node(node):
    text = to_text(node)
    if len(text) <= 500:
        assert parse(text, CHOICES) == node


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_printing_settles_at_once(kind):
    @settings(max_examples=40, derandomize=True, deadline=None, database=None)
    @given(expressions("Appointment", kind))
    def check(text):
        try:
            node = parse(text, CHOICES)
        except ExpressionError:
            return
        assert parse(to_text(node), CHOICES) == node
        assert to_text(parse(to_text(node), CHOICES)) == to_text(node)

    check()


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(alphabet="ab.Nd (),[]\"'=<>!&|?:+-*/%3 not and or in is where count", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        assert parse(to_text(parse(text)))
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= max(len(text), 1)


def test_cel():
    text = "status = Needs repair and not (a or b) and x in [1, 2.5] and if(c, 1, -2) % 2 = 1 and length(n) > 0"
    assert to_cel(parse(text, CHOICES)) == (
        'status == "Needs repair" && !(a || b) && x in [1.0, 2.5] && '
        "double(int(c ? 1.0 : -2.0) % int(2.0)) == 1.0 && double(size(n)) > 0.0"
    )
    assert to_cel(parse("count(A where b = 1) + days(a, today)")) == 'count("A", "b = 1") + days(a, today)'
    assert to_cel(parse("today + 3 days")) == "today + days(3.0)"


def test_is_constant():
    fields = ["quantity", "price", "product", "status"]
    for text in ["Booked", "Needs repair", "today", "today + 7 days", "3", '"x"', "me", "me.name", "if(true, 1, 2)"]:
        assert is_constant(parse(text, CHOICES), fields), text
    for text in [
        "quantity * 2",
        "product.price",
        "sum(Payment.amount)",
        "today + days(quantity)",
        "this.x",
        "some.path",
    ]:
        assert not is_constant(parse(text, CHOICES), fields), text


def test_field_paths():
    assert field_paths(parse("a * dog.age + a + count(B where c = this.d) + days(today, e)")) == [
        ("a",), ("dog", "age"), ("e",),
    ]  # fmt: skip
