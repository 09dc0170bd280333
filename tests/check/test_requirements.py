"""Each kind of requirement: what meets it, what does not, and that apps meet all that is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from espalier.blueprint.reader import read
from espalier.blueprint.schema import Blueprint
from espalier.check.judge import judge
from espalier.check.requirements import KINDS, Requirement, Rubric, facts
from espalier.check.requirements.base import read as requirement
from espalier.check.requirements.color import near
from espalier.check.subject import Subject
from espalier.check.words import Like, alike

ROOT = Path(__file__).parents[2]
GALLERY = sorted((ROOT / "apps").glob("*.yaml"))
SALON = """\
app: Snip
about: Kangaroo bookings
theme: {primary: teal, background: ivory, style: elegant}
roles: [client, stylist]
data:
  Service:
    name: text!
    price: money!
    kind: Cut | Colour | Care!
  Appointment:
    service: Service!
    client: User! owner = me
    starts: datetime!
    phone: phone!
    guests: int! 1..4 = 1
    status: Booked | Done | Cancelled = Booked
    due: money = service.price * guests
    unique: [service, starts]
    rules:
      Please choose a time to come: starts > now
    actions:
      Finish (stylist): status = Done
  Slip:
    appointment: Appointment! part
    note: long!
  Vote:
    service: Service!
    unique: [service, owner]
access:
  Service: {read: anyone, write: stylist}
  Appointment: {read: own or stylist, create: client, write: own or stylist, status: {write: stylist}}
  Vote: {read: user, create: user, write: own}
pages:
  Welcome:
    - hero: Good hair
      button: Book a chair -> Book
    - cards: Service
      filter: [kind]
  Book (client):
    - form: Appointment
      show: [service, starts, phone]
    - form: Vote
  Day (stylist):
    - calendar: Appointment by starts
    - table: Appointment
      where: status = Booked
    - stats:
        Waiting: count(Appointment where status = Booked)
    - chart: bar Appointment by service
    - custom: Tip calculator
      html: <input id="bill" value="40"> <output id="tip"></output>
      js: |
        const show = () => { tip.value = (bill.value * 0.15).toFixed(2); };
        bill.addEventListener("input", show); show();
seed:
  Service:
    - Trim | 30 | Cut
    - Root tint | 70 | Colour
  User:
    - Ana Field | ana@example.com | client
  Appointment:
    - Trim | ana@example.com | +2 days 10:00 | 5550134 | 1
automations:
  when Appointment created: email owner "See you soon"
  1 day before Appointment.starts: email owner "Tomorrow"
"""
# What the salon fulfils, each with what it does not.
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "entity", "like": "booking"}, {"kind": "entity", "like": "invoice"}),
    ({"kind": "entity", "like": "treatments"}, {"kind": "entity", "like": "device"}),
    ({"kind": "entity", "like": "/appoint|booking/"}, {"kind": "entity", "like": "/^slot$/"}),
    ({"kind": "entity", "like": "client"}, {"kind": "entity", "like": "supplier"}),
    ({"kind": "field", "entity": "booking", "like": "telephone"}, {"kind": "field", "entity": "service", "like": "telephone"}),
    ({"kind": "field", "like": "party size", "types": ["number"]}, {"kind": "field", "like": "party size", "types": ["image"]}),
    ({"kind": "field", "like": "cost", "types": ["money"]}, {"kind": "field", "like": {"any": ["cost"], "but": ["price", "due"]}}),
    ({"kind": "field", "like": "start time", "required": True}, {"kind": "field", "like": "start time", "required": False}),
    ({"kind": "field", "like": "due", "computed": "service.price * guests"}, {"kind": "field", "like": "due", "computed": "service.price + guests"}),
    ({"kind": "field", "like": "due", "computed": "treatment.cost * guests"}, {"kind": "field", "like": "price", "computed": ""}),
    ({"kind": "reference", "entity": "booking", "to": "treatment"}, {"kind": "reference", "entity": "service", "to": "appointment"}),
    ({"kind": "reference", "entity": "appointment", "to": "customer", "owner": True}, {"kind": "reference", "entity": "slip", "to": "service"}),
    ({"kind": "reference", "entity": "slip", "to": "appointment", "part": True}, {"kind": "reference", "entity": "vote", "to": "service", "part": True}),
    ({"kind": "choice", "values": ["done", "reserved", "canceled"]}, {"kind": "choice", "values": ["todo", "doing", "done"]}),
    ({"kind": "choice", "entity": "service", "values": ["Cut", "Care"]}, {"kind": "choice", "entity": "appointment", "values": ["Cut", "Care"]}),
    ({"kind": "choice", "values": ["Cut", "Colour", "Care"], "exact": True}, {"kind": "choice", "values": ["Cut", "Colour"], "exact": True}),
    ({"kind": "role", "like": "hairdresser"}, {"kind": "role", "like": "driver"}),
    ({"kind": "role", "like": "manager"}, {"kind": "role", "like": "manager", "exact": True}),
    ({"kind": "signup", "who": "open"}, {"kind": "signup", "who": "invite"}),
    (
        {"kind": "permission", "who": "stylist", "operation": "update", "entity": "service", "reach": "yes", "only": True},
        {"kind": "permission", "who": "client", "operation": "update", "entity": "service", "reach": "yes"},
    ),
    (
        {"kind": "permission", "who": "client", "operation": "read", "entity": "booking", "reach": "own"},
        {"kind": "permission", "who": "stylist", "operation": "read", "entity": "booking", "reach": "limited"},
    ),
    (
        {"kind": "permission", "who": "client", "operation": "write", "entity": "booking", "field": "state", "reach": "none"},
        {"kind": "permission", "who": "stylist", "operation": "write", "entity": "booking", "field": "state", "reach": "none"},
    ),
    (
        {"kind": "permission", "who": "anyone", "operation": "read", "entity": "slip", "reach": "none"},
        {"kind": "permission", "who": "anyone", "operation": "read", "entity": "service", "reach": "none"},
    ),
    ({"kind": "private", "entity": "booking"}, {"kind": "private", "entity": "service"}),
    ({"kind": "public", "entity": "service"}, {"kind": "public", "entity": "booking"}),
    ({"kind": "page", "like": "book", "who": ["client"]}, {"kind": "page", "like": "book", "who": ["stylist"]}),
    ({"kind": "page", "like": "welcome", "home": True}, {"kind": "page", "like": "day", "home": True}),
    ({"kind": "block", "any": ["calendar"], "entity": "booking", "by": "start"}, {"kind": "block", "any": ["calendar"], "entity": "service"}),
    ({"kind": "block", "any": ["records"], "entity": "service"}, {"kind": "block", "any": ["gallery", "board"]}),
    ({"kind": "block", "any": ["table"], "where": "state = Booked"}, {"kind": "block", "any": ["table"], "where": "status = Done"}),
    ({"kind": "block", "any": ["form"], "show": ["phone"]}, {"kind": "block", "any": ["form"], "entity": "booking", "show": ["guests"]}),
    ({"kind": "block", "any": ["cards"], "filter": ["kind"]}, {"kind": "block", "any": ["cards"], "filter": ["price"]}),
    ({"kind": "color", "color": "#0a7f7f", "slots": ["primary"]}, {"kind": "color", "color": "teal", "slots": ["background"]}),
    ({"kind": "style", "mode": "light", "style": "minimal"}, {"kind": "style", "mode": "dark"}),
    ({"kind": "seed", "entity": "treatment", "at_least": 2}, {"kind": "seed", "entity": "treatment", "at_least": 3}),
    ({"kind": "text", "like": "root tint"}, {"kind": "text", "like": "kangaroo"}),
    ({"kind": "action", "entity": "booking", "like": "complete"}, {"kind": "action", "entity": "booking", "like": "refund"}),
    ({"kind": "action", "like": "tick off", "sets": "Done"}, {"kind": "action", "like": "finish", "sets": "Cancelled"}),
    ({"kind": "automation", "when": "before", "entity": "booking", "does": "email"}, {"kind": "automation", "when": "changed", "does": "email"}),
    ({"kind": "automation", "when": "created", "does": "email"}, {"kind": "automation", "does": "webhook"}),
    ({"kind": "rule", "entity": "booking", "about": ["starts"]}, {"kind": "rule", "entity": "service"}),
    ({"kind": "unique", "entity": "vote", "fields": ["service", "owner"]}, {"kind": "unique", "entity": "service", "fields": ["name"]}),
    ({"kind": "flow", "name": "no double booking"}, {"kind": "flow", "name": "stock"}),
    ({"kind": "flow", "name": "one vote"}, {"kind": "flow", "name": "checkout"}),
    ({"kind": "flow", "name": "total"}, {"kind": "flow", "name": "reviews"}),
    ({"kind": "game", "like": "calculator"}, {"kind": "game", "like": "snake"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def salon() -> Any:
    subject = Subject(read(SALON))
    yield subject
    subject.close()


@pytest.mark.parametrize(("met", "unmet"), CASES, ids=lambda said: json.dumps(said)[9:60])
def test_a_requirement_is_met_or_not(salon: Subject, met: dict[str, Any], unmet: dict[str, Any]) -> None:
    assert requirement(met).meet(salon).met
    finding = requirement(unmet).meet(salon)
    assert not finding.met
    assert finding.why
    assert len(requirement(unmet).phrase()) > 8


def test_every_kind_is_tried() -> None:
    assert {met["kind"] for met, _ in CASES} == set(KINDS)


def test_an_alternative_is_as_good(salon: Subject) -> None:
    asked = requirement({"kind": "entity", "like": "invoice", "or": [{"kind": "field", "like": "price"}]})
    assert asked.meet(salon).met
    assert (
        not requirement({"kind": "entity", "like": "invoice", "or": [{"kind": "role", "like": "pilot"}]})
        .meet(salon)
        .met
    )


def test_a_choice_is_met_in_part(salon: Subject) -> None:
    finding = requirement({"kind": "choice", "values": ["Booked", "Done", "Lost", "Found"]}).meet(salon)
    assert (finding.met, finding.share) == (False, 0.5)


def test_double_booking_is_tried_on_the_app() -> None:
    """What is written may not hold: this rule counts, but lets the second booking in."""
    lax = (
        SALON.replace("    kind: Cut | Colour | Care!", "    kind: Cut | Colour | Care!\n    votes: int = count(Vote)")
        .replace("    unique: [service, starts]\n", "")
        .replace("Please choose a time to come: starts > now", "Not twice: service.votes < 100")
    )
    asked = requirement({"kind": "flow", "name": "no double booking", "entity": "appointment"})
    subject = Subject(read(lax))
    try:
        assert not asked.meet(subject).met
        assert len(subject.rows(subject.app.database.tables["Appointment"])) == 1, "the trial is put back"
    finally:
        subject.close()


def test_a_rubric_goes_through_json() -> None:
    rubric = Rubric(requirements=[requirement(met) for met, _ in CASES], source="built", notes=["by hand"])
    assert Rubric.model_validate_json(rubric.model_dump_json()) == rubric


def test_what_is_no_requirement_is_refused() -> None:
    for said in (
        {"kind": "wish"},
        {"kind": "entity"},
        {"kind": "color", "color": "vibes"},
        {"kind": "entity", "like": "/(/"},
        7,
    ):
        with pytest.raises(ValueError):
            Rubric.model_validate({"requirements": [said]})


def test_results_stand_in_the_report() -> None:
    rubric = Rubric(requirements=[requirement(one) for one in CASES[0]])
    report = judge(SALON, rubric=rubric)
    assert [(result.name, result.state) for result in report.group("asked")][:2] == [
        ("entity_1", "passed"),
        ("entity_2", "failed"),
    ]
    assert report["entity_2"].findings[0].suggestion


def _unmet(blueprint: Blueprint, others: list[Requirement]) -> list[str]:
    from espalier.check.requirements import Outline

    outline = Outline.of(blueprint)
    return [one.kind for one in others if not one.met_by(outline)]


def _corpus(every: int) -> list[Blueprint]:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "seed").glob("pairs_*.jsonl"))]
    lines = [line for text in texts for line in text.splitlines()]
    return [read(json.loads(line)["blueprint"]) for line in lines[::every]]


def test_apps_meet_all_their_own_facts() -> None:
    for blueprint in [*(read(path.read_text("utf-8")) for path in GALLERY), *_corpus(12)]:
        found = facts(blueprint)
        assert len(found) > 15
        assert _unmet(blueprint, found) == [], blueprint.app


def test_facts_go_through_json() -> None:
    found = facts(read(GALLERY[0].read_text("utf-8")))
    rubric = Rubric(requirements=found, source="built")
    assert Rubric.model_validate_json(rubric.model_dump_json()).requirements == found


# A change, and the kind of fact that it breaks.
CHANGES: list[tuple[str, str, str]] = [
    ("    price: money!", "    price: money", "field"),
    ("    phone: phone!", "    phone: text!", "field"),
    ("    note: long!", "    shade: long!", "field"),
    ("starts: datetime!", "starts: datetime", "field"),
    ("= service.price * guests", "= service.price / guests", "field"),
    ("int! 1..4 = 1", "int! 1..9 = 1", "field"),
    ("Booked | Done | Cancelled", "Booked | Done", "choice"),
    (
        "    service: Service!\n    unique: [service, owner]",
        "    service: Slip!\n    unique: [service, owner]",
        "reference",
    ),
    ("    client: User! owner = me", "    client: User! = me", "reference"),
    ("Appointment! part", "Appointment!", "reference"),
    ("roles: [client, stylist]", "roles: [client, stylist, boss]\nsignup: invite", "signup"),
    ("  Service: {read: anyone, write: stylist}", "  Service: {read: anyone, write: user}", "permission"),
    ("{read: own or stylist, create: client", "{read: user, create: client", "permission"),
    (", status: {write: stylist}", "", "permission"),
    ("  Book (client):", "  Book:", "page"),
    ("    - cards: Service\n      filter: [kind]\n", "", "block"),
    ("    - cards: Service\n", "    - table: Service\n", "block"),
    ("      filter: [kind]\n", "", "block"),
    ("      show: [service, starts, phone]\n", "      show: [service, starts]\n", "block"),
    ("      where: status = Booked\n", "", "block"),
    ("count(Appointment where status = Booked)", "count(Appointment)", "block"),
    ("bar Appointment by service", "pie Appointment by service", "block"),
    ("-> Book\n", "-> Day\n", "block"),
    ("primary: teal", "primary: crimson", "color"),
    ("style: elegant", "style: bold", "style"),
    ("    - Root tint | 70 | Colour\n", "", "seed"),
    ("Finish (stylist): status = Done", "Finish (stylist): status = Cancelled", "action"),
    ("Finish (stylist):", "Finish (client):", "action"),
    ('  1 day before Appointment.starts: email owner "Tomorrow"\n', "", "automation"),
    ("    rules:\n      Please choose a time to come: starts > now\n", "", "rule"),
    ("    unique: [service, owner]\n", "", "unique"),
    ("bill.addEventListener", "void 0; //", "game"),
]


@pytest.mark.parametrize(("old", "new", "kind"), CHANGES)
def test_a_change_breaks_its_fact(old: str, new: str, kind: str) -> None:
    assert old in SALON
    assert kind in _unmet(read(SALON.replace(old, new)), facts(read(SALON)))


def test_names_are_tolerant_and_precise() -> None:
    same = (
        ("customer", "Client"), ("bookings", "Appointment"), ("employee", "staff"), ("telephone", "phone_number"), ("date of birth", "birthday"),
        ("table size", "party_size"), ("work orders", "WorkOrder"), ("waiting list", "WaitlistEntry"), ("photo", "before_photo"), ("cancelled", "Canceled"),
    )  # fmt: skip
    other = (
        ("service", "device"), ("customer", "custom"), ("customer", "CustomerNote"), ("booking date", "birth_date"), ("policies", "police"),
        ("inspector", "inspection"), ("universities", "universe"), ("director", "directory"), ("book", "booking"), ("part", "party"), ("", "name"),
    )  # fmt: skip
    assert [pair for pair in same if not alike(*pair)] == []
    assert [pair for pair in other if alike(*pair)] == []


def test_the_better_name_is_taken() -> None:
    price = Like(any=("cost",), but=("price",))
    assert (price.hits("cost"), price.hits("purchase_cost"), price.hits("price")) == (True, True, False)
    assert Like(any=("customer",)).best(["Supplier", "Client", "CustomerNote"]) == "Client"


def test_colours_are_seen_as_people_see_them() -> None:
    for asked, said in (
        ("navy", "#0b1f5c"),
        ("green", "#2f7d4f"),
        ("light blue", "lightblue"),
        ("black", "#161616"),
        ("brown", "#5b4030"),
    ):
        assert near(asked, said), (asked, said)
    for asked, said in (
        ("navy", "crimson"),
        ("green", "gold"),
        ("white", "black"),
        ("ivory", "lavender"),
        ("red", "pink"),
    ):
        assert not near(asked, said), (asked, said)


def test_a_rubric_of_an_evaluation_file() -> None:
    """The earlier (v0) form: names are regular expressions, types and slots have other names."""
    checks: list[dict[str, Any]] = [
        {"kind": "entity", "any": ["appoint", "booking"]},
        {"kind": "field", "entity": ["appoint"], "any": ["phone|mobile"], "type": ["phone", "text"]},
        {"kind": "ref", "entity": ["appoint"], "to": ["service"]},
        {"kind": "choice", "any": ["done|finished"]},
        {"kind": "role", "any": ["stylist"]},
        {"kind": "block", "any": ["calendar", "booking"], "of": ["appoint"]},
        {"kind": "private", "entity": ["appoint"]},
        {"kind": "public", "entity": ["service"]},
        {"kind": "colour", "any": ["teal"], "slot": ["primary"]},
        {"kind": "seed", "entity": ["service"]},
        {"kind": "text", "any": ["good hair"]},
        {"kind": "entity", "any": ["nothing"], "or": [{"kind": "block", "any": ["chart"]}]},
        {"kind": "entity", "any": ["^slots?$"]},
    ]
    results = judge(SALON, rubric=Rubric.from_eval(checks)).results
    states = [
        result.state for result in results if result.name.rpartition("_")[2].isdigit() and result.group == "asked"
    ]
    assert states == ["passed"] * 12 + ["failed"]
    with pytest.raises(ValueError, match="no kind"):
        Rubric.from_eval([{"kind": "wish"}])


DETOUR = """\
app: Shop
data:
  Product:
    name: text!
  Order:
    name: text!
  Line:
    order: Order! part
    product: Product!
  Shelf:
    label: text!
pages:
  Home:
    - table: Order
    - table: Product
    - table: Shelf
"""


def test_a_reference_may_lead_through_a_record_between() -> None:
    blueprint = read(DETOUR)
    asked = {"kind": "reference", "entity": "order", "to": "product"}
    subject = Subject(blueprint)
    assert not requirement(asked).meet(subject).met
    assert requirement({**asked, "through": True}).meet(subject).met
    assert not requirement({**asked, "to": "shelf", "through": True}).meet(subject).met


def test_words_for_things_are_wide_colours() -> None:
    for asked, said in (
        ("sand", "#e3d2b0"),
        ("gold", "#c9a227"),
        ("rose", "#d98c9f"),
        ("blush", "#f3d9d9"),
        ("plum", "#6b3a5b"),
    ):
        assert near(asked, said), (asked, said)
    for asked, said in (("sand", "#3050c0"), ("gold", "#707070"), ("rose", "#2f8f4f"), ("plum", "#f2c14e")):
        assert not near(asked, said), (asked, said)
