"""What a process keeps to be faster stays with those it is for: no visitor, no day and no other app sees it."""

from datetime import datetime, timedelta

from espalier.blueprint import read
from espalier.blueprint.expression import meaning as m
from espalier.runtime.access import Visitor, same_for_all
from espalier.runtime.app import App
from espalier.runtime.records import Records
from tests.runtime.using import person

NOW = datetime(2026, 11, 22, 12, 0)
TEXT = """\
app: Errands
data:
  Errand:
    name: text!
    due: date
    hours: int = 1
    done: bool
    late: bool = due < today and not done
    mine: bool = owner = me
    double: int = hours * 2
access:
  Errand:
    read: anyone
    create: user
    update: own
pages:
  Home:
    - table: Errand
      show: name, due, late, double
seed:
  Errand:
    - [Shop]
"""


def made(text=TEXT, **more):
    return App(read(text), clock=lambda: NOW, **more)


def test_a_computed_field_follows_the_day():
    at = [NOW]
    app = App(read(TEXT), clock=lambda: at[0])
    id = Records(app, person(app, "Ada")).create("Errand", {"name": "Post", "due": "2026-11-22"}).id

    def late():
        return Records(app, Visitor()).get("Errand", id)["late"]

    assert late() is False
    at[0] += timedelta(days=1)
    assert late() is True
    at[0] -= timedelta(days=1)
    assert late() is False


def test_a_computed_field_and_a_rule_follow_the_visitor():
    app = made()
    ada, ben = person(app, "Ada"), person(app, "Ben")
    id = Records(app, ada).create("Errand", {"name": "Post"}).id
    for _ in range(2):
        assert Records(app, ada).get("Errand", id)["mine"] is True
        assert Records(app, ben).get("Errand", id)["mine"] is False
        assert Records(app, ada).can("update", "Errand", id)
        assert not Records(app, ben).can("update", "Errand", id)


def test_what_is_the_same_for_all_is_made_once_and_nothing_else():
    app = made()
    of = app.blueprint.meaning.computed
    assert same_for_all(of["Errand", "double"].meaning)
    assert not same_for_all(of["Errand", "late"].meaning)
    assert not same_for_all(of["Errand", "mine"].meaning)
    value = m.Value(m.DATE, "record", (), "Errand", "due")
    assert not same_for_all(m.Aggregate(m.INT, "streak", "Errand", None, False, value, None))
    kept = []
    for _ in range(2):
        records = Records(app, Visitor())
        row = records.tables["Errand"]
        kept.append([records.access.computed("Errand", name, row) for name in ("double", "late")])
    assert kept[0][0] is kept[1][0]
    assert kept[0][1] is not kept[1][1]


def test_equal_apps_in_memory_share_their_tables_and_no_data():
    one, other = made(), made()
    assert one.database.tables is other.database.tables
    Records(one, person(one, "Ada")).create("Errand", {"name": "Post"})
    assert Records(one, Visitor()).count("Errand") == 2
    assert Records(other, Visitor()).count("Errand") == 1
    one.database.follow(read(TEXT.replace("    due: date\n", "    due: date\n    place: text\n")))
    assert "place" in one.database.tables["Errand"].c
    assert "place" not in other.database.tables["Errand"].c
    assert Records(other, Visitor()).count("Errand") == 1
    one.close()
    assert Records(other, Visitor()).count("Errand") == 1


def test_tables_of_another_order_or_type_are_others():
    one = made()
    assert made(TEXT.replace("hours: int = 1", "hours: int! = 1")).database.tables is not one.database.tables
    swapped = TEXT.replace("    due: date\n    hours: int = 1\n", "    hours: int = 1\n    due: date\n")
    assert made(swapped).database.tables is not one.database.tables


def test_an_error_in_memory_takes_back_what_was_written():
    app = made()
    ada = person(app, "Ada")
    try:
        with Records(app, ada).transaction():
            Records(app, ada).create("Errand", {"name": "Post"})
            raise RuntimeError
    except RuntimeError:
        pass
    assert Records(app, Visitor()).count("Errand") == 1
    Records(app, ada).create("Errand", {"name": "Bank"})
    assert Records(app, Visitor()).count("Errand") == 2
