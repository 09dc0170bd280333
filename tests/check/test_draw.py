"""What is heard in prompts, and what is not; and a second opinion asked of a small real server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from espalier.blueprint.reader import read
from espalier.check.draw import draw
from espalier.check.opinion import Endpoint, second_opinion, understood
from espalier.check.requirements import Outline, Requirement, Rubric
from espalier.check.words import alike

ROOT = Path(__file__).parents[2]


def heard(prompt: str, kind: str) -> list[Any]:
    return [one for one in draw(prompt).requirements if one.kind == kind]


def colors(prompt: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.color, one.slots) for one in heard(prompt, "color")]


FRONT, BACK, ANY = ("primary", "accent"), ("background",), ("primary", "background", "accent")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A site for a bakery. Use antique white for the background and dark slate gray for components.", [("antique white", BACK), ("dark slate gray", FRONT)]),
        ("Tickets for a museum. Background: mint cream, buttons crimson.", [("mint cream", BACK), ("crimson", FRONT)]),
        ("a wiki for our club, navy buttons on a light yellow background", [("navy", FRONT), ("light yellow", BACK)]),
        ("track my orchids. purple and white please", [("purple", ANY), ("white", ANY)]),
        ("notes app, main colour #aa3366", [("#aa3366", ("primary", "accent"))]),
        ("an orange juice bar with red wine and black coffee and a green house", []),
        ("Bugs have a health (Green, Amber, Red) and an owner.", []),
        ("rose garden opening times", []),
    ],
)  # fmt: skip
def test_colours_and_their_places(prompt: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert colors(prompt) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Parcels have a status (Packed, On the road, Handed over).", ["packed", "on the road", "handed over"]),
        ("A repair is Waiting, In work or Ready.", ["waiting", "in work", "ready"]),
        ("move each film from wishlist to watched", ["wishlist", "watched"]),
        ("my tasks go todo / doing / done", ["todo", "doing", "done"]),
        ("orders go new > packed > shipped > delivered", ["new", "packed", "shipped", "delivered"]),
        ("people bring salads, bread and wine to the party", []),
        ("client (name, phone, address) with notes", []),
        ("mark them as present, late or absent", ["present", "late", "absent"]),
    ],
)
def test_choices(prompt: str, expected: list[str]) -> None:
    found = heard(prompt, "choice")
    assert [str(value) for one in found for value in one.values] == expected


def fields(prompt: str) -> list[str]:
    return [str(one.like) for one in heard(prompt, "field")]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Members book a table. Each reservation has a name, phone, date and table size.", ["name", "phone", "date", "table size"]),
        ("A cookbook for us. Recipes with photos, ratings and ingredients.", ["photo", "rating", "ingredients"]),
        ("Fields: title, author, isbn, year", ["title", "author", "isbn"]),
        ("need a list of my clients (name, address, telephone)", ["name", "address", "telephone"]),
        ("a page with a map, a chart and a calendar", []),
        ("people should book with us and not with the others", []),
    ],
)  # fmt: skip
def test_fields(prompt: str, expected: list[str]) -> None:
    found = fields(prompt)
    assert [word for word in expected if not any(alike(word, other) for other in found)] == []
    assert len(found) <= len(expected) + 1


def test_roles_are_those_who_do_something() -> None:
    prompt = "Teachers mark homework, students hand it in and the principal can read all. Visitors may look around."
    assert [str(one.like) for one in heard(prompt, "role")] == ["teacher", "student", "principal"]
    assert heard("a design for users and people who filter and observe", "role") == []


def test_rights() -> None:
    only, own, shut = (
        "Only managers may delete invoices.",
        "Customers see only their own orders.",
        "Drivers must not see invoices.",
    )
    (right,) = heard(only, "permission")
    assert (str(right.who), right.operation, str(right.entity), right.only) == ("manager", "delete", "invoice", True)
    (right,) = heard(own, "permission")
    assert (str(right.who), right.operation, right.reach) == ("customer", "read", "limited")
    (right,) = heard(shut, "permission")
    assert (str(right.who), right.reach) == ("driver", "none")
    assert [str(one.entity) for one in heard("Anyone can browse the recipes without logging in.", "public")] == [
        "recipe"
    ]


@pytest.mark.parametrize(
    ("prompt", "child", "parent"),
    [
        ("Customers book a treatment. Bookings have a status and treatments have a price.", "booking", "treatment"),
        ("Keep track of hives and inspections of my bees", "inspection", "hive"),
        ("members write reviews about books", "review", "book"),
        ("who has which laptop", "laptop", "user"),
        ("Milestones are assigned to a project.", "milestone", "project"),
        ("dogs and their vaccinations", "vaccination", "dog"),
    ],
)
def test_what_refers_to_what(prompt: str, child: str, parent: str) -> None:
    found = [(one.entity, one.to) for one in heard(prompt, "reference")]
    assert any(entity.hits(child) and to.hits(parent) for entity, to in found), draw(prompt)


@pytest.mark.parametrize(
    ("prompt", "entity", "types"),
    [
        ("yoga studio with bookings", "booking", ("date", "datetime")),
        ("send invoices to people", "invoice", ("money", "number")),
        ("a recipe collection", "recipe", ("long",)),
        ("blog posts about trains", "post", ("long", "text")),
    ],
)
def test_what_goes_without_saying_counts_less(prompt: str, entity: str, types: tuple[str, ...]) -> None:
    found = [one for one in heard(prompt, "field") if one.entity and one.entity.hits(entity)]
    fitting = [one for one in found if set(types) <= set(one.types)]
    assert fitting and all(one.weight <= 0.5 for one in fitting)


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a log of my pens with maker, nib, cap and price", ["nib", "cap"]),
        ("Each lens has a mount, aperture, serial number and condition", ["mount", "aperture"]),
    ],
)
def test_fields_that_no_table_knows_among_those_that_one_knows(prompt: str, names: list[str]) -> None:
    assert [name for name in names if name not in fields(prompt)] == []


def test_a_word_for_a_field_asks_for_it_wherever_it_stands() -> None:
    assert "allergens" in fields("my kitchen staff want to see the allergens at a glance")
    assert fields("no photos and no prices please, just the club") == []


def test_names_addresses_and_hours_must_be_told() -> None:
    def told(prompt: str, blueprint: str) -> list[bool]:
        outline = Outline(read(blueprint))
        return [one.met_by(outline) for one in heard(prompt, "text")]

    app = "app: {name}\ndata:\n  Loaf:\n    name: text!\npages:\n  Home:\n    - text: '{text}'\n    - cards: Loaf\n"
    named = "a site for my bakery called Golden Crumb"
    assert told(named, app.format(name="Golden Crumb", text="Bread")) == [True]
    assert told(named, app.format(name="Bakery", text="Bread")) == [False]
    place = "our shop is at 12 Mill Lane, open mon-fri 9-17, ring 0555 123 4567"
    assert (
        told(place, app.format(name="Shop", text="12 Mill Lane, Mon to Fri 9 to 17, call 0555-1234567")) == [True] * 3
    )
    assert told(place, app.format(name="Shop", text="Bread")) == [False] * 3


def test_what_a_public_site_shows_is_there_and_open() -> None:
    prompt = "Website for a bistro. Visitors see the dishes."
    assert [str(one.entity) for one in heard(prompt, "seed")] == ["dish"]
    assert "dish" in [str(one.entity) for one in heard(prompt, "public")]
    assert heard("An internal tool with our dishes, members only", "seed") == []
    (counted,) = heard("we have three rooms to rent out", "seed")
    assert (str(counted.entity), counted.at_least) == ("room", 3)


def test_records_are_shown_by_a_block_of_them() -> None:
    (block,) = [
        one for one in heard("a calendar of rehearsals and performances; a board of repairs", "block") if one.entity
    ]
    assert (block.any, str(block.entity)) == (("board",), "repair")


@pytest.mark.parametrize(
    ("prompt", "closed"),
    [
        ("All diagnoses are strictly confidential.", "diagnosis"),
        ("keep the invoices private", "invoice"),
    ],
)
def test_what_is_to_be_kept_in(prompt: str, closed: str) -> None:
    assert any(one.entity.hits(closed) for one in heard(prompt, "private")), draw(prompt)


@pytest.mark.parametrize(
    ("prompt", "kind", "words"),
    [
        ("show our bookings on a calendar", "block", "calendar"),
        ("a kanban for my team", "block", "board"),
        ("a pie chart of costs", "block", "chart"),
        ("a map with all the wells, on a map please", "block", "map"),
        ("people vote for the next film", "flow", "one vote"),
        ("email me when somebody signs up", "automation", "email"),
        ("a tip calculator", "game", "small tool"),
        ("a memory game for my kids", "game", "small tool"),
        ("what people ask us most often goes in a FAQ", "block", "faq"),
        ("my dark mode notes", "style", "dark"),
        ("do not allow double bookings: never double book a room", "flow", "twice"),
    ],
)
def test_features(prompt: str, kind: str, words: str) -> None:
    assert any(words in one.phrase() for one in heard(prompt, kind)), draw(prompt)


@pytest.mark.parametrize(
    "prompt", ["a board game collection", "our chart of accounts", "no calendar needed", "road map for walkers"]
)
def test_what_only_sounds_like_a_feature(prompt: str) -> None:
    assert [one.phrase() for one in draw(prompt).requirements if one.kind in ("block", "game")] == []


@pytest.mark.parametrize(
    "prompt",
    [
        "Ich brauche eine Seite für meinen Blumenladen mit Kalender und Chart, in rot und dark mode",
        "una página para mi panadería con un calendario y los pedidos de mis clientes",
        "приложение для учета книг с рейтингом",
        "",
        "!!!",
        "(((((((",
    ],
)
def test_other_languages_and_noise_say_little(prompt: str) -> None:
    assert draw(prompt).requirements == []


def test_any_text_is_read_in_bounded_time() -> None:
    for text in (
        "a, " * 20_000,
        "(" * 20_000,
        "a / " * 20_000,
        "Name with " * 5_000,
        "x" * 100_000,
        "each of has " * 5_000,
        "status of A, " * 5_000,
    ):
        start = time.process_time()
        assert len(draw(text).requirements) <= 40
        assert time.process_time() - start < 2


def _pairs(every: int) -> list[dict[str, str]]:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "seed").glob("pairs_*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.splitlines()][::every]


def test_honest_apps_meet_what_was_heard_and_other_apps_do_not() -> None:
    pairs = _pairs(6)
    outlines = [Outline(read(pair["blueprint"])) for pair in pairs]
    rubrics = [draw(pair["prompt"]) for pair in pairs]
    own = [one.met_by(outlines[at]) for at, rubric in enumerate(rubrics) for one in rubric.requirements]
    other = [
        one.met_by(outlines[(at + 30) % len(pairs)]) for at, rubric in enumerate(rubrics) for one in rubric.requirements
    ]
    assert len(own) > 4 * len(pairs)
    assert sum(own) / len(own) > 0.95
    assert sum(other) / len(other) < 0.5


# --- a second opinion ---------------------------------------------------------------------------------------------------

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that speaks the protocol, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked["path"], asked["key"] = self.path, self.headers.get("authorization", "")
            status, body = answer(asked)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/v1"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def completion(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


PROMPT = "A kanban for my todo, doing and done tasks. Use teal for the background."


def opinion(answer: Answer, seconds: float = 5) -> Rubric:
    with server(answer) as base:
        return second_opinion(PROMPT, Endpoint(base, "helper", key="k", seconds=seconds))


def test_a_second_opinion_is_joined() -> None:
    seen: list[dict[str, Any]] = []

    def answer(asked: dict[str, Any]) -> tuple[int, bytes]:
        seen.append(asked)
        said = [
            {"kind": "block", "any": ["board"]},
            {"kind": "field", "like": "due date", "types": ["date"], "weight": 9},
            {"kind": "wish", "like": "more"},
            {"kind": "entity", "like": "/(a+)+$/"},
            {"kind": "color", "color": "vibes"},
        ]
        return 200, completion("```json\n" + json.dumps({"requirements": said}) + "\n```")

    rubric = opinion(answer)
    assert seen[0]["path"] == "/v1/chat/completions"
    assert (seen[0]["model"], seen[0]["key"], seen[0]["messages"][-1]["content"]) == ("helper", "Bearer k", PROMPT)
    alone = draw(PROMPT).requirements
    assert rubric.requirements[: len(alone)] == alone
    (more,) = rubric.requirements[len(alone) :]
    assert (more.kind, more.weight) == ("field", 0.5)
    assert rubric.notes == ["second opinion of helper: 2 requirements, 3 dropped"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: (500, b"oh no"),
        lambda asked: (200, b"oh no"),
        lambda asked: (200, b"[]"),
        lambda asked: (200, b'{"choices": []}'),
        lambda asked: (200, completion("I think it needs a table.")),
        lambda asked: (200, completion('{"requirements": 7}')),
        lambda asked: (200, completion("[" * 100_000)),
        lambda asked: (200, b" " * 300_000),
        lambda asked: (200, b"\xff\xfe"),
        lambda asked: (time.sleep(1), (200, completion("[]")))[1],
    ],
)
def test_a_bad_answer_leaves_the_rules_alone(answer: Answer) -> None:
    rubric = opinion(answer, seconds=0.4)
    assert rubric.requirements == draw(PROMPT).requirements
    assert rubric.notes[0].startswith("no second opinion: ")


def test_no_answer_leaves_the_rules_alone() -> None:
    for base in ("http://127.0.0.1:9/v1", "nonsense", "http://[::1"):
        rubric = second_opinion(PROMPT, Endpoint(base, "helper", seconds=1))
        assert rubric.requirements == draw(PROMPT).requirements
        assert rubric.notes[0].startswith("no second opinion: ")


def test_what_a_model_may_not_ask_for_is_dropped() -> None:
    found, dropped = understood(
        'Sure: [{"kind": "role", "like": "chef"}, {"kind": "role", "like": "chef"}, {"kind": "page", "like": "x"}, 3]'
    )
    assert [one.kind for one in found] == ["role"]
    assert dropped == 3
    assert all(isinstance(one, Requirement) for one in found)
