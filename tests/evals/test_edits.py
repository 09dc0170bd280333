"""What an edit did and whether that was asked: every right answer passes, a half one and one that strays do not."""

import json

import pytest
from pydantic import ValidationError

from espalier.blueprint import Blueprint, read
from espalier.blueprint.patch import apply, read_patch
from espalier.evals.effects import changes, places, tree
from espalier.evals.suites import Case, load
from espalier.evals.wishes import Effect, Wishes

SUITE = load("edits")
CASES = {case.id: case for case in SUITE.cases}


def effect(case: Case, patch: str) -> Effect:
    assert case.wishes
    before = read(case.blueprint)
    return case.wishes.effect(before, apply(before, read_patch(patch)) if patch else before)


def test_sixty_edits_of_fifteen_apps() -> None:
    assert len(CASES) == 60 and len({case.blueprint for case in SUITE.cases}) == 15


@pytest.mark.parametrize("id_", CASES)
def test_the_reference_answer_is_right_and_no_other_is(id_: str) -> None:
    case = CASES[id_]
    assert effect(case, case.patch).exact
    assert not effect(case, "").done
    for other in SUITE.cases:
        if other.blueprint == case.blueprint and other.id != id_:
            assert not effect(case, other.patch).done, other.id


@pytest.mark.parametrize("id_", CASES)
def test_whoever_does_more_than_was_asked_strays(id_: str) -> None:
    case = CASES[id_]
    more = read_patch(case.patch)
    extra = {"about": "Something that nobody asked for"}
    before = read(case.blueprint)
    assert case.wishes
    found = case.wishes.effect(before, apply(before, {**more, **extra}))
    assert found.done and found.strayed == ("changed: about",)


OTHER_RIGHT_ANSWERS = {
    "vineyard-5.1": "data:\n  Vine:\n    variety: Chardonnay | Riesling | Pinot noir | Chasselas!",
    "vineyard-5.2": """
        data: {Adoption: {message: text}}
        pages:
          Adopt (godparent):
            - form: Adoption
              show: [vine, name_on_plate, gift, address, message]
            - list: Adoption
              title: My vines""",
    "vineyard-5.3": "theme: {primary: '#722f37'}",
    "vineyard-5.4": "access: {Photo: {read: godparent or winemaker}}\npages:\n  Pictures: null\n  Pictures (user):\n    - feed: Photo\norder: {pages: [Vines, Pictures (user), Adopt (godparent), Cellar door (winemaker)]}",
    "ferry-2.1": "data:\n  Boat:\n    draft: number! m = 1",
    "ferry-2.4": "data:\n  Berth:\n    place: Northquay | Old harbour = Old harbour",
    "fire-3.1": """
        data: {Shift: {missing: "int = max(0, 5 - people)"}}
        pages:
          Short of people (chief):
            - table: Shift
              show: [day, part, people, drivers, missing]
              where: day >= today and (missing > 0 or drivers < 1)
              sort: day
            - form: Shift""",
    "fire-3.4": """
        data: {User: {times: "int = count(Place)"}}
        pages:
          Most often (user):
            - leaderboard: User by times""",
    "orchestra-4.2": "data:\n  Loan:\n    fee: money = 5",
    "orchestra-4.3": 'automations:\n  every day for Loan where due = today + 7 days and returned = null: email parent_email "In a week"',
    "genealogy-3.2": None,
    "tailor-2.4": "theme: {background: '#1a1a2e'}",
    "falconry-2.3": """
        data: {GiftVoucher: {giver: text!, email: email!, value: money!, message: long}}
        access: {GiftVoucher: {read: falconer, create: anyone, update: falconer, delete: falconer}}
        pages:
          Vouchers:
            - form: GiftVoucher
          Today (falconer):
            - calendar: Booking by starts
            - list: Booking
              title: Coming
              show: [starts, experience, guests, came]
              where: day(starts) = day(now)
            - table: GiftVoucher""",
    "falconry-2.4": """
        pages:
          Welcome:
            - hero: A hawk on your glove
              text: Walk the woods with a Harris hawk that decides for itself where it lands.
              button: Book -> Book
            - cards: Experience
            - cards: Bird""",
    "circus-5.4": """
        pages:
          Questions:
            - faq:
                Do you bring your own sound?: Yes, we do.
                How long is the set-up?: Four hours.""",
    "glass-3.3": "data:\n  Work:\n    hearts: marks",
    "glass-3.4": "access: {Work: {price: user}}",
    "caving-2.3": "access: {Trip: {update: own, delete: own}}",
    "blacksmith-2.2": "access: {Work: {write: null, update: smith, delete: smith}}",
    "balloon-2.4": "theme: {primary: steelblue}",
    "seeds-2.3": 'data:\n  Request:\n    rules:\n      Three at a time: count(Request where owner = this.owner and status = Asked) <= 2',
    "lights-4.1": "data:\n  User:\n    mobile: phone!\naccess:\n  User: {mobile: {read: producer}}",
    "lights-4.2": "access: {Show: {plan: {read: producer}}}",
    "fire-4.1": """
        data: {Einsatz: {anzahl_kraefte: int!}}
        pages:
          Erfassen (gruppenfuehrer or kommandant):
            - form: Einsatz
              title: Neuer Einsatz
              show: [stichwort, beginn, ort, art, fahrzeuge, kameraden, bericht, anzahl_kraefte]
            - list: Einsatz
              title: Noch nicht freigegeben
              where: stand = Entwurf
            - table: Fahrzeug""",
}  # fmt: skip


@pytest.mark.parametrize("id_", [id_ for id_, patch in OTHER_RIGHT_ANSWERS.items() if patch])
def test_other_right_answers_pass(id_: str) -> None:
    found = effect(CASES[id_], OTHER_RIGHT_ANSWERS[id_] or "")
    assert found.exact, found


WRONG = {
    # done, but something else with it
    "vineyard-5.1": ("data:\n  Vine:\n    variety: Riesling | Pinot noir | Chasselas | Chardonnay!\n    grape: text", (True, False)),
    "ferry-2.1": ("data:\n  Boat:\n    draught: number m\n    beam: number m", (True, False)),
    "circus-5.3": ("data:\n  Request:\n    status: New | Talking | Confirmed | Played | Cancelled | Offer sent = Talking", (True, True)),
    # not done, or done in part
    "orchestra-4.1": ("data:\n  Instrument:\n    kind: Violin | Viola | Cello | Flute | Clarinet | Trumpet | Oboe!", (False, True)),
    "vineyard-5.2": ("data: {Adoption: {note: long}}", (False, True)),  # nobody is asked for it
    "fire-3.2": ("access: {Place: {delete: own or chief, create: chief}}", (False, False)),
    "tailor-2.1": ("data:\n  Alteration:\n    work: Hem | Zip | Embroidery!", (False, True)),
    "glass-3.4": ("access: {Work: {read: user}}", (False, True)),  # the works themselves are hidden
    "genealogy-3.2": ("pages:\n  Desk (genealogist): null\n  Overview (genealogist):\n    - board: Enquiry by status", (False, True)),
}  # fmt: skip


@pytest.mark.parametrize("id_", WRONG)
def test_answers_that_are_not_right(id_: str) -> None:
    patch, (done, clean) = WRONG[id_]
    found = effect(CASES[id_], patch)
    assert (found.done, found.clean) == (done, clean), found


APP = """
app: Boats
roles: [skipper, keeper]
data:
  Boat:
    name: text!
    length: number
    actions:
      Sell (keeper): length = 0
  Berth:
    number: text!
access:
  Boat: {read: anyone, write: keeper}
pages:
  Home:
    - hero: Hello
    - table: Boat
      show: [name, length]
    - form: Boat
  Berths (keeper):
    - table: Berth
seed:
  Boat:
    - Petrel | 7
"""


def after(**said: object) -> Blueprint:
    return apply(read(APP), said)


@pytest.mark.parametrize(("patch", "expected"), [
    ({"data": {"Boat": {"draught": "number"}}}, ["added: data > Boat > draught"]),
    ({"data": {"Berth": None}, "pages": {"Berths (keeper)": None}}, ["taken away: data > Berth", "taken away: pages > Berths"]),
    ({"access": {"Boat": {"write": None, "create": "keeper", "update": "keeper", "delete": "keeper"}}}, []),
    ({"access": {"Berth": {"read": "user"}}}, []),
    ({"access": {"Berth": {"read": "anyone"}}}, ["changed: access > Berth > read"]),
    ({"theme": {"background": "white"}}, []),
    ({"pages": {"Berths (keeper)": None, "Berths (user)": [{"table": "Berth"}]}}, ["changed: pages > Berths > who"]),
    ({"pages": {"Home": [{"hero": "Hi"}, {"table": "Boat", "show": ["name"]}, {"form": "Boat"}]}},
     ["changed: pages > Home > hero > is", "taken away: pages > Home > table Boat > show > length"]),
    ({"pages": {"Home": [{"table": "Boat", "show": ["name", "length"]}, {"hero": "Hello"}, {"form": "Boat"}]}},
     ["put in another order: pages > Home"]),
    ({"pages": {"Home": [{"hero": "Hello"}, {"form": "Boat"}]}}, ["taken away: pages > Home > table Boat"]),
    ({"seed": {"Boat": ["Petrel | 7", "Nordlys | 9"]}}, ["added: seed > Boat > Nordlys | 9"]),
    ({"data": {"Boat": {"actions": {"Sell (keeper)": None, "Sell (skipper)": ["length = 0"]}}}}, ["changed: data > Boat > actions > Sell > who"]),
    ({"roles": ["keeper", "skipper"]}, ["put in another order: roles"]),
    ({"order": {"data.Boat": ["length", "name"]}, "seed": {"Boat": ["7 | Petrel"]}},
     ["put in another order: data > Boat", "added: seed > Boat > 7 | Petrel", "taken away: seed > Boat > Petrel | 7"]),
])  # fmt: skip
def test_changes_are_what_differs_in_meaning(patch: dict, expected: list[str]) -> None:
    assert sorted(map(str, changes(read(APP), after(**patch)))) == sorted(expected)


def test_what_a_new_entity_brings_with_it_counts_once() -> None:
    found = changes(
        read(APP), after(data={"Crew": {"name": "text!"}}, access={"Crew": {"read": "anyone"}}, seed={"Crew": ["Ana"]})
    )
    assert list(map(str, found)) == ["added: data > Crew"]


def test_places() -> None:
    whole = tree(read(APP))
    assert [way[-1] for way, _ in places(whole, "pages > * > *Boat")] == ["table Boat", "form Boat"]
    assert next(places(whole, "pages > Home > table Boat > show > length"))[1] == "length"
    assert not list(places(whole, "data > Ship"))


@pytest.mark.parametrize("said", [
    {"done": [], "may_touch": []},
    {"done": [{"at": "app", "is": "A", "says": "B"}]},
    {"done": [{"at": "app", "says": "("}]},
    {"done": [{"kind": "wish"}]},
    {"done": ["app"]},
])  # fmt: skip
def test_wishes_that_cannot_be_read(said: dict) -> None:
    with pytest.raises(ValidationError):
        Wishes.model_validate(json.loads(json.dumps(said)))
