"""Every static check catches what it is for, and lets an honest app pass."""

from __future__ import annotations

import textwrap

import pytest
from sqlalchemy import select

from espalier.blueprint import read
from espalier.blueprint.blocks.custom import Custom
from espalier.check.checks import checks
from espalier.check.report import Result
from espalier.check.static.dead_code import reacts
from espalier.check.structure import Structure
from espalier.check.subject import Subject
from espalier.runtime.access import ANYONE, Access, Visitor, always, never
from tests.samples import GALLERY

HONEST = """\
app: Pawfect
about: Bookings for a dog salon
roles: [client, groomer]
data:
  Service:
    name: text!
    price: money!
  Visit:
    service: Service!
    dog: text!
    phone: phone!
    starts: datetime!
    status: Booked | Done | Missed = Booked
    actions:
      Finish (groomer): [if status = Booked, status = Done]
access:
  Service: {read: anyone, write: groomer}
  Visit: {read: own or groomer, create: client, write: groomer}
pages:
  Home:
    - hero: Happy dogs start here
      text: Gentle grooming by people who love dogs
      button: Book now -> Book
    - cards: Service
  Book (client):
    - form: Visit
      show: [service, dog, phone, starts]
    - list: Visit
  Today (groomer):
    - stats:
        To do: count(Visit where status = Booked)
    - board: Visit by status
seed:
  Service:
    - Bath | 30
    - Full groom | 70
automations:
  when Visit created: email owner "Your booking is in"
  1 day before Visit.starts: email owner "See you tomorrow"
"""


def subject(text: str) -> Subject:
    text = textwrap.dedent(text)
    return Subject(read(text), text=text)


def result(name: str, text: str) -> Result:
    [check] = [one for one in checks("static") if one.name == name]
    return check.run(subject(text))


def swap(*pairs: tuple[str, str]) -> str:
    text = HONEST
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def test_an_honest_app_has_no_failures():
    for check in checks("static"):
        found = check.run(subject(HONEST))
        assert found.state != "failed", found


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_the_gallery_has_no_failures(file):
    one = Subject(read(file.read_text()))
    failed = [found for check in checks("static") if (found := check.run(one)).state == "failed"]
    assert failed == []


# The check, what is changed in the honest app, and words of the finding.
CAUGHT = [
    ("unreachable_pages", [("Today (groomer)", "Today (client and groomer)")], "nobody may open"),
    ("unreachable_pages", [("Today (groomer)", "Today (nobody)")], "nobody may open"),
    (
        "unreachable_pages",
        [("seed:\n", "  Each Tip:\n    - detail: Tip\nseed:\n"), ("data:\n", "data:\n  Tip:\n    words: long!\n")],
        "nothing leads here",
    ),
    ("closed_forms", [("create: client,", "create: groomer,")], "nobody may create one"),
    ("closed_forms", [("Book (client)", "Book (groomer)")], "nobody may create one"),
    ("unreadable_blocks", [("Visit: {read: own or groomer", "Visit: {read: client")], "nobody may read it"),
    ("unreadable_blocks", [("  Service: {read: anyone, write: groomer}\n", "")], "only people with an account"),
    ("unseen_records", [("data:\n", "data:\n  Enquiry:\n    email: email!\n    name: text!\n    words: long!\n"), ("access:\n", "access:\n  Enquiry: {read: groomer, create: anyone}\n"), ("    - cards: Service\n", "    - cards: Service\n    - form: Enquiry\n")], "no page shows it to anybody"),
    ("unseen_records", [("data:\n", "data:\n  Note:\n    words: text!\n    about: long\n")], "no page shows `Note`"),
    ("unmade_records", [("seed:\n  Service:\n    - Bath | 30\n    - Full groom | 70\n", ""), ("write: groomer}\n  Visit", "write: nobody}\n  Visit")], "`Visit` needs one"),
    ("idle_choices", [("write: groomer}\npages", "write: groomer, status: {write: nobody}}\npages")], "`Missed`"),
    ("idle_actions", [("Finish (groomer)", "Finish (client and groomer)")], "nobody who may read"),
    ("idle_roles", [("[client, groomer]", "[client, groomer, helper, guest]")], "`guest`"),
    ("thin_entities", [("data:\n", "data:\n  Colour:\n    name: text!\n"), ("    - cards: Service\n", "    - cards: Service\n    - table: Colour\n")], "has one field"),
    ("open_writing", [("create: client, write: groomer", "write: anyone")], "anyone may update a `Visit`"),
    ("open_writing", [("create: client, write: groomer", "create: client, write: user"), ("dog: text!", "dog: text!\n    guest: User! owner = me")], "`guest` says whose it is"),
    ("private_data", [("read: own or groomer", "read: anyone")], "`phone` of every `Visit`"),
    ("private_data", [("data:\n", "data:\n  Patient:\n    name: text!\n    diagnosis: long\n"), ("access:\n", "access:\n  Patient: {read: anyone, write: groomer}\n")], "diagnosis"),
    ("unreadable_targets", [("Service: {read: anyone", "Service: {read: groomer")], "`Service` must be chosen"),
    ("closed_links", [("Book now -> Book", "Book now -> Today")], "a page for groomer"),
    ("lost_mail", [("create: client,", "create: anyone,"), ("[client, groomer]", "[groomer]"), ("Book (client)", "Book"), ("read: own or groomer, ", "read: groomer, ")], "`owner` is nobody"),
    ("repeated_pages", [("seed:\n", "  More:\n    - hero: Happy dogs start here\n      text: Gentle grooming by people who love dogs\n      button: Book now -> Book\n    - cards: Service\nseed:\n")], "the same as `Home`"),
    ("repeated_pages", [("    - cards: Service\n", "    - cards: Service\n    - cards: Service\n")], "stands there twice"),
    ("filler_words", [("Gentle grooming by people who love dogs", "Lorem ipsum dolor sit amet")], "stands for words"),
    ("filler_words", [("Gentle grooming by people who love dogs", "Your text here")], "stands for words"),
    ("filler_words", [("- Bath | 30\n    - Full groom | 70", "- Service 1 | 30\n    - Service 2 | 70")], "placeholders"),
    ("powerful_signup", [("[client, groomer]", "[manager, client, groomer]")], "everybody who signs up"),
    ("dead_code", [("    - cards: Service\n", "    - cards: Service\n    - custom: Game\n      html: <p>works</p>\n")], "no script"),
    ("dead_code", [("    - cards: Service\n", "    - cards: Service\n    - custom: Game\n      html: <p id=p></p>\n      js: p.textContent = 'works'\n")], "answers to nothing"),
    ("dead_code", [("    - cards: Service\n", "    - cards: Service\n    - custom: Game\n      html: <p id=p></p>\n      js: \"addEventListener('click', () => {}); p.textContent = 'addEventListener('\"\n")], "answers to nothing"),
    ("numbers_alone", [("data:\n", "data:\n  Sale:\n    amount: money!\n    day: date!\n"), ("access:\n", "access:\n  Sale: {read: groomer, write: nobody}\n"), ("    - stats:\n", "    - chart: line sum(Sale.amount) by month(day)\n    - stats:\n"), ("seed:\n", "seed:\n  Sale:\n    - 100 | -3 days\n    - 120 | -33 days\n")], "stand still"),
    ("private_data", [("read: own or groomer", "read: user")], "everybody who signs up (as client) may read `phone`"),
    ("unreachable_pages", [("    - cards: Service\n", "    - cards: Service\n      if: client and groomer\n")], "nobody sees this block"),
    ("unreachable_pages", [("    - form: Visit\n", "    - form: Visit\n      if: nobody\n")], "nobody sees this block"),
    ("idle_actions", [("[if status = Booked, status = Done]", "[if status = Booked]")], "the button does nothing"),
    ("idle_actions", [("[if status = Booked, status = Done]", "status = status")], "the button does nothing"),
    ("idle_actions", [("when Visit created: email owner \"Your booking is in\"", "when Visit created: [if status = Booked]")], "the automation does nothing"),
    ("hopeless_conditions", [("    - cards: Service\n", "    - cards: Service\n      where: price < 0 and price > 10\n")], "this block stays empty"),
    ("hopeless_conditions", [("    - list: Visit\n", "    - list: Visit\n      where: status = Done and status = Missed\n")], "this block stays empty"),
    ("hopeless_conditions", [("    actions:\n", "    rules:\n      No: id < 0\n    actions:\n")], "no `Visit` can be saved"),
    ("hopeless_conditions", [("[if status = Booked, status = Done]", "[if status = Booked and status = Done, status = Done]")], "never shown"),
    ("hopeless_conditions", [("1 day before Visit.starts: email owner", "when Visit starts > now + 2 days and starts < now: email owner")], "never starts"),
    ("numbers_alone", [("To do: count(Visit where status = Booked)", "Happy dogs: 1200")], "typed in"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "words"), CAUGHT, ids=[f"{one[0]}-{at}" for at, one in enumerate(CAUGHT)])
def test_what_is_wrong_is_found(name, changes, words):
    found = result(name, swap(*changes))
    assert found.state == "failed"
    assert any(words in str(finding) for finding in found.findings), [str(one) for one in found.findings]
    assert all(finding.where or name == "size" for finding in found.findings)


# What looks alike and is honest.
HONEST_TOO = [
    ("private_data", [("data:\n", "data:\n  Shop:\n    name: text!\n    phone: phone!\n    email: email\n"), ("access:\n", "access:\n  Shop: {read: anyone, write: groomer}\n")]),
    ("private_data", [("data:\n", "data:\n  Job:\n    name: text!\n    salary: money\n"), ("access:\n", "access:\n  Job: {read: anyone, write: groomer}\n")]),
    ("filler_words", [("- Bath | 30\n    - Full groom | 70", "- Room 1 | 30\n    - Room 2 | 70")]),
    ("filler_words", [("price: money!", "extra: None | Ice | Lemon"), ("- Bath | 30\n    - Full groom | 70", "- Water | None\n    - Under construction | Ice")]),
    ("unseen_records", [("data:\n", "data:\n  Subscriber:\n    email: email! unique\n"), ("access:\n", "access:\n  Subscriber: {read: nobody, create: anyone}\n"), ("    - cards: Service\n", "    - cards: Service\n    - form: Subscriber\n")]),
    ("unseen_records", [("data:\n", "data:\n  Message:\n    email: email!\n    words: long!\n"), ("access:\n", "access:\n  Message: {read: nobody, create: anyone}\n"), ("    - cards: Service\n", "    - cards: Service\n    - form: Message\n"), ("automations:\n", "automations:\n  when Message created: email admin \"{words}\"\n")]),
    ("closed_links", [("Book now -> Book", "Log in -> Log in")]),
    ("idle_roles", [("[client, groomer]", "[client, groomer, helper]")]),
    ("dead_code", [("    - cards: Service\n", "    - cards: Service\n    - custom: Tip\n      html: <input id=a> <output id=b></output>\n      js: a.oninput = () => b.value = a.value * 0.15\n")]),
    ("numbers_alone", [("    - board: Visit by status\n", ""), ("    - list: Visit\n", "")]),
    ("open_writing", [("create: client, write: groomer", "create: anyone, write: groomer")]),
    ("hopeless_conditions", [("    - list: Visit\n", "    - list: Visit\n      where: owner = me and status in [Done, Missed] and week(starts) = week(today) and length(dog) < 30\n")]),
    ("hopeless_conditions", [("    - cards: Service\n", "    - cards: Service\n      where: count(Visit where status = Done) > 20 and price >= 12.5\n")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes"), HONEST_TOO, ids=[f"{one[0]}-{at}" for at, one in enumerate(HONEST_TOO)])
def test_what_is_honest_passes(name, changes):
    found = result(name, swap(*changes))
    assert found.state != "failed", [str(one) for one in found.findings]


def test_an_empty_app_is_worth_nothing():
    hollow = "app: Shell\npages:\n  Home:\n    - footer: Thank you\n"
    assert result("substance", hollow).share == 0
    assert result("home_content", hollow).share < 0.5
    assert result("home_content", HONEST).share == 1


def test_a_page_of_words_and_a_game_are_whole_apps():
    words = """\
    app: Oak and Sons
    pages:
      Home:
        - hero: Tables that outlive their owners
          text: Three joiners in a barn near Ludlow
        - features:
            Local oak: From woods that we can see
            Slow drying: Two years before we cut
        - contact: Come by
          phone: 555 0142
          address: The old barn at the end of Mill Lane
    """
    game = """\
    app: Snap
    pages:
      Play:
        - custom: Snap
          html: <button id=deal>Deal</button><p id=card></p>
          js: "deal.onclick = () => { card.textContent = 1 + Math.floor(Math.random() * 13) }"
    """
    for text in (words, game):
        assert result("substance", text).share == 1
        assert result("home_content", text).share == 1


def test_size_falls_beyond_any_sense():
    pages = "".join(f"  Page {at}:\n    - text: {'word ' * 8}{at}\n" for at in range(40))
    found = result("size", f"app: Giant\npages:\n{pages}")
    assert found.gate
    assert found.share < 0.4
    assert "40 pages" in str(found.findings[0])


def test_code_that_would_keep_a_pattern_busy_is_judged_in_time():
    for code in (
        "function" + " " * 50_000,
        "/*" * 25_000,
        "(" * 50_000,
        '"' * 50_001,
        "a" * 50_000 + " =>",
        "=>" * 20_000,
    ):
        block = Custom.model_validate({"custom": "Game", "html": f"<p onx={' ' * 50_000}>", "js": code})
        assert not reacts(block)


def test_safety_cannot_be_thinned_out():
    more = "".join(f"  Thing{at}:\n    name: text!\n    about: long\n" for at in range(10))
    broken = swap(("create: client, write: groomer", "write: anyone"))
    assert result("open_writing", broken).share == 0.25
    assert result("open_writing", broken.replace("data:\n", f"data:\n{more}")).share == 0.25


# What a blueprint says of people.


def structure(text: str) -> Structure:
    return subject(text).structure


def test_answers_are_always_never_or_it_depends():
    one = structure(HONEST)
    assert one.joining == ("client",)
    assert one.people == ("anyone", "client", "groomer")
    assert [one.may("read", "Service", person) for person in one.everybody] == [True, True, True, True]
    assert [one.may("read", "Visit", person) for person in one.everybody] == [False, None, True, True]
    assert [one.may("create", "Visit", person) for person in one.everybody] == [False, True, False, True]
    assert [one.may("update", "Visit", person) for person in one.everybody] == [False, False, True, True]


def test_defaults_parts_and_references_are_followed():
    one = structure("""\
    app: Small
    data:
      Order:
        name: text!
      Line:
        order: Order! part
        words: text!
      Reply:
        order: Order!
        words: text!
      Other:
        name: text!
    access:
      Order: {read: own, write: own}
      Reply: {read: order, create: user}
    pages:
      Home:
        - table: Order
    """)
    assert [one.may("read", "Line", person) for person in ("anyone", "user", "admin")] == [False, None, True]
    assert [one.may("read", "Reply", person) for person in ("anyone", "user")] == [False, None]
    assert [one.may(operation, "Other", "user") for operation in ("read", "create", "update")] == [True, True, None]
    assert one.may("read", "Other", "anyone") is False
    assert one.met >= {"Order", "Line", "Reply"}
    assert "Other" not in one.met


@pytest.mark.parametrize(
    ("signup", "joining"),
    [("", ("client",)), ("invite", ()), ("user", ("user",)), ("client or groomer", ("client", "groomer"))],
)
def test_who_joins(signup, joining):
    text = swap(("data:\n", f"signup: {signup}\ndata:\n" if signup else "data:\n"))
    assert structure(text).joining == joining


def test_answers_never_contradict_the_database():
    """What is always or never so by the document is not otherwise in the queries of the app."""
    compared = 0
    for file in GALLERY:
        one = Subject(read(file.read_text()))
        people = {
            "anyone": ANYONE,
            **{role: Visitor(1, "Kim", "kim@example.com", role) for role in one.structure.members},
        }
        for role, visitor in people.items():
            access = Access(one.blueprint, one.app.database.tables, visitor, one.now)
            for entity in one.blueprint.entities:
                for operation in ("read", "create", "update", "delete"):
                    row = one.app.database.tables[entity].alias()
                    condition = access.allowed(operation, entity, row)
                    answer = one.structure.may(operation, entity, role)
                    where = (file.stem, role, operation, entity)
                    assert not (answer is False and always(condition)), where
                    assert not (answer is True and never(condition)), where
                    if answer is False and entity != "User":
                        with one.app.database.read() as connection:
                            assert connection.execute(select(row.c.id).where(condition)).first() is None, where
                    compared += 1
        one.close()
    assert compared > 500
