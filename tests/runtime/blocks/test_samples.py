"""Every block's sample is drawn, empty and with records in it, for everybody."""

import pytest

from espalier.blueprint.blocks import KINDS
from espalier.runtime.access import Visitor
from tests.blueprint.test_card import WORLD
from tests.runtime.using import User, make, person

MINE = ("table", "list", "detail", "form", "wizard", "search", "feed", "compare", "rating", "poll", "booking", "chat")
SEED = """
seed:
  Customer: [Ana | , "Ben & Söhne | "]
  Doctor: [Dr Low]
  Room: [Hall]
  Ticket: ["Leaking <tap> | It **drips** | Ana | Open | 2026-11-24 | 3"]
  Post: ["Hello [there](https://example.com) <b>x</b>"]
  Message: [Hi | Hall]
  Review: [Good | 4]
  Product: [Cup | A | 12]
  Poll: [Tea or coffee?]
  Visit: [Check | 2026-11-23 10:00 | 2026-11-23 11:00 | Dr Low]
"""


@pytest.mark.parametrize("seeded", [False, True])
@pytest.mark.parametrize("kind", MINE)
def test_the_sample_is_drawn(kind, seeded):
    lines = KINDS[kind].sample.splitlines()
    app = make(WORLD + "".join(f"    {line}\n" for line in lines) + (SEED if seeded else ""))
    anna = person(app, "Anna", "agent")
    for visitor in (Visitor(), anna, Visitor(999, "Ada", "ada@example.com", "admin")):
        user = User(app, visitor).get("/home")
        assert user.status == 200
        assert "cannot be shown" not in user.text and "not available" not in user.text, user.text[-2000:]
        assert "<tap>" not in user.text and "<b>x" not in user.text
    app.close()


@pytest.mark.parametrize("kind", ["wizard", "booking"])
def test_a_stand_in_makes_records(kind):
    lines = KINDS[kind].sample.splitlines()
    app = make(WORLD + "".join(f"    {line}\n" for line in lines) + SEED)
    anna = User(app, person(app, "Anna"))
    block = KINDS[kind].sample
    entity = "Ticket" if "Ticket" in block else "Visit"
    before = anna.records.count(entity)
    anna.get("/home").fill(
        "to-block",
        **(
            {"title": "Boiler", "due": "2026-12-01"}
            if entity == "Ticket"
            else {"name": "Check-up", "starts": "2026-12-01T10:00"}
        ),
    )
    assert anna.status == 200 and anna.records.count(entity) == before + 1
    app.close()
