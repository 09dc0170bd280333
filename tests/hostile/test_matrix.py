"""Access over every path: small apps made by a seed, a plain oracle beside them, everybody tries everything.

Reading: nothing that the oracle hides stands in any answer, and what it allows is there. Writing: what it refuses changes
nothing in the database; what it allows is done, and nothing besides.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.storage import system
from espalier.runtime.visit import Visit

from .counted import TRIED
from .house import NOW, House, body, data
from .oracle import Person, World
from .worlds import PEOPLE, everybody, world

# A few worlds, and a part of what can be tried, in every run; HOSTILE_WORLDS=40 tries everything in that many.
WORLDS = int(os.environ.get("HOSTILE_WORLDS", "0"))
SEEDS = range(WORLDS or 4)
ENTITIES = ("Team", "Ticket", "Note", "Log", "Letter")
FIELDS = {"Ticket": ("title", "secret", "team", "assignee", "watchers", "status", "amount", "customer", "author", "owner"), "Note": ("words", "inner", "ticket"), "Log": ("line", "ticket", "level"), "Letter": ("subject", "to", "team", "owner"), "Team": ("name", "motto", "members", "lead")}  # fmt: skip


def some(house: House, things: Any, most: int) -> list[Any]:
    """A part of what there is, another one in every world; all of it in a long run."""
    things = list(things)
    return things if WORLDS or len(things) <= most else house.chance.sample(things, most)


def those(house: House) -> list[Person]:
    """A stranger, one of each role, now and then the admin."""
    people = everybody()
    return (
        people
        if WORLDS
        else [
            people[0],
            house.chance.choice(people[2:4]),
            house.chance.choice(people[4:]),
            *house.chance.sample(people[1:2], house.chance.randint(0, 1)),
        ]
    )


@pytest.fixture(params=SEEDS)
def house(request):
    made = House(world(request.param))
    made.chance = Random(request.param)
    yield made
    TRIED["requests of the access matrix"] += made.asked
    made.close()


def pages(world: World, person: Person) -> list[tuple[str, Any]]:
    """Every address that shows something, with what programs and links add to it."""
    found: list[tuple[str, Any]] = [
        (f"/{slug}", "") for slug in ("tables", "cards", "boards", "days", "find", "charts", "forms")
    ]
    found += [
        ("/", ""),
        ("/api", ""),
        ("/api/openapi.json", ""),
        ("/admin", ""),
        ("/admin/people", ""),
        ("/admin/outbox", ""),
    ]
    found += [
        ("/account", ""),
        ("/notifications", ""),
        ("/api/me", ""),
        ("/search", "q=qxticket1titlexq"),
        ("/ticket/line", ""),
        ("/note/line", ""),
    ]
    for entity in (*ENTITIES, "User"):
        slug = entity.lower() if entity != "User" else "user"
        found += [
            (f"/{slug}/export.csv", ""),
            (f"/{slug}/import", ""),
            (f"/{slug}/new", ""),
            (f"/admin/data/{slug}", ""),
        ]
        found += [(f"/{slug}/export.csv", f"page=tables&block={at}") for at in range(6)]
        found += [
            (f"/{slug}/options/{name}", "") for name, column in world.kinds[entity].columns.items() if column.target
        ]
        for id in world.records[entity]:
            found += [(f"/{slug}/{id}{rest}", "") for rest in ("", "/edit", "/delete")] + [(f"/api/{entity}/{id}", "")]
    for id in world.records["Ticket"]:
        found += [(f"/ticket/{id}/do/{slug}", "") for slug in ("finish", "reopen")]
        found += [("/note/new", f"ticket={id}"), ("/log/new", f"ticket={id}")]
    return found


def test_nobody_reads_what_is_not_theirs(house):
    world = house.world
    for person in those(house):
        hidden, mine = world.hidden(person), world.records["User"].get(person.id, {})
        # Their own name and email stand in the corner of every page.
        hidden -= {mine.get("name"), mine.get("email")}
        numbers = {
            form
            for row in world.records["Ticket"].values()
            if row["amount"]
            and not (world.may("read", "Ticket", row, person) and world.sees("Ticket", row, "amount", person))
            for form in (str(row["amount"]), f"{row['amount']:,}")
        }
        probes = [*pages(world, person)]
        # Every secret is looked for, filtered by and sorted by.
        for text in house.chance.sample(sorted(hidden), min(6, len(hidden))):
            probes += [
                ("/find", f"b0-q={text}"),
                ("/api/Ticket", f"search={text}"),
                ("/tables", f"b0-q={text}&b0.secret={text}&b0.team.motto={text}"),
            ]
            probes += [
                ("/cards", f"b0.secret={text}&b0-q={text}&b1-secret={text}&b1.secret={text}"),
                ("/api/Note", f"search={text}"),
            ]
        probes += [
            ("/tables", "b0-sort=secret&b0.status=Open"),
            ("/tables", "b0-sort=-team.motto&b0-all=1"),
            ("/ticket/options/team", "q=qx"),
            ("/charts", ""),
        ]
        for path, query in some(house, probes, 30):
            with house.unchanged(person, path, query):
                said = body(house.ask(person, "GET", path, query=query))
            for text in re.findall(r"qx[a-z0-9]+xq(?:@example\.com)?", said.lower()) + re.findall(
                r"\b[0-9a-f]{32}\b", said
            ):
                if path == "/account" and text == mine.get("street") and world.sees("User", mine, "street", person):
                    continue  # everybody keeps what they tell of themselves on their account page
                if text in hidden and text not in query:
                    raise AssertionError((person, path, query, text))
            # Inside words of its own, not a part of a larger number.
            for number in re.findall(
                r"(?<![\w.,#-])\d{3},?\d{3}(?![\w,])", re.sub(r"<svg.*?</svg>", "", said, flags=re.DOTALL)
            ):
                assert number not in numbers, (person, path, query, number)


def answer_of(world: World, entity: str, row: dict[str, Any], person: Person) -> dict[str, Any]:
    return {name: world.value(entity, row, name, person) for name in world.kinds[entity].columns}


def test_lists_and_records_are_exactly_what_may_be_read(house):
    world = house.world
    for person in those(house):
        for entity in (*ENTITIES, "User"):
            readable = {row["id"]: row for row in world.readable(entity, person)}
            expected = {id: answer_of(world, entity, row, person) for id, row in readable.items()}
            listed = house.ask(person, "GET", f"/api/{entity}")
            if listed.status_code == 404:
                assert not readable, (person, entity)
                continue
            said = data(listed)
            assert said["total"] == len(readable), (person, entity)
            for item in said["items"]:
                right = expected.pop(item["id"])
                for name, value in right.items():
                    assert item.get(name) == value, (person, entity, item["id"], name)
                known = {*right, "id", "created", "updated", "owner", "marked", "role", "avatar"}
                assert set(item) <= known, (person, entity, item)
                if house.chance.random() < (1 if WORLDS else 0.3):
                    assert data(house.ask(person, "GET", f"/api/{entity}/{item['id']}")) == item
            assert not expected, (person, entity)
            for id in some(house, world.records[entity], 3):
                status = house.ask(person, "GET", f"/api/{entity}/{id}").status_code
                assert status == (200 if id in readable else 404), (person, entity, id)
                status = house.ask(person, "GET", f"/{entity.lower()}/{id}").status_code
                assert (status == 200) == (id in readable), (person, entity, id, status)
            rows = list(
                csv.reader(
                    io.StringIO(
                        body(house.ask(person, "GET", f"/{entity.lower()}/export.csv"))
                        .split("\n\n")[0]
                        .lstrip("\ufeff")
                    )
                )
            )
            ids = {int(row[0]) for row in rows[1:] if row and row[0].isdigit()}
            assert ids == set(readable), (person, entity)


def test_pages_show_what_may_be_read(house):
    """The other side: what somebody may see does stand on the page."""
    world = house.world
    for person in those(house):
        tables, cards, find = (body(house.ask(person, "GET", path)) for path in ("/tables", "/cards", "/find"))
        for entity in ENTITIES:
            for row in some(house, world.readable(entity, person), 2):
                title = world.kinds[entity].title
                text = world.value(entity, row, title, person)
                if text:
                    assert text in tables, (person, entity, row["id"])
                    found = body(house.ask(person, "GET", "/find", query={"b0-q": text}))
                    assert found.count(text) > find.count(text) + 1, (person, entity, row["id"])
        for row in world.readable("Ticket", person):
            for name in ("title", "secret"):
                text = world.value("Ticket", row, name, person)
                assert not text or text in cards, (person, row["id"], name)
            paper = row["paper"]
            if paper:
                status = house.ask(person, "GET", f"/files/{paper}").status_code
                assert (status == 200) == world.sees("Ticket", row, "paper", person), (person, row["id"])
        for row in world.records["Ticket"].values():
            if row["paper"] and not world.may("read", "Ticket", row, person):
                refused = house.ask(person, "GET", f"/files/{row['paper']}")
                assert refused.status_code == 404 and "content of" not in body(refused)


def test_numbers_count_what_may_be_read(house):
    world = house.world
    for person in those(house):
        tickets = world.readable("Ticket", person)

        def given(name, rows=tickets, person=person):
            return [value for row in rows if (value := world.value("Ticket", row, name, person)) is not None]

        mottos = 0
        for team in given("team"):
            mottos += world.value("Team", world.records["Team"][team], "motto", person) is not None
        expected = {
            "Open now": given("status").count("Open"),
            "Amount in all": sum(given("amount")),
            "Notes in all": len(world.readable("Note", person)),
            "Known secrets": len(given("secret")),
            "Of the team": mottos,
        }
        page = body(house.ask(person, "GET", "/"))
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        for name, number in expected.items():
            found = re.search(rf"{name} ([\d,]+)|([\d,]+) {name}", text)
            assert found, (person, name, text)
            said = re.search(rf"{name} ([\d,]+)", text)
            assert said and int(said[1].replace(",", "")) == number, (person, name, said and said[0], number)
        # The filters of a table say how many records there are of each value.
        counts = Counter(given("status"))
        tables = body(house.ask(person, "GET", "/tables"))
        select = re.search(r'<select[^>]*name="b0\.status".*?</select>', tables, re.DOTALL)
        said = dict(re.findall(r'value="(Open|Done|Closed)"[^>]*>[^(<]*\((\d+)\)', select[0])) if select else {}
        assert {state: int(count) for state, count in said.items() if int(count)} == (counts if select else {}), (
            person,
            said,
            counts,
        )


def test_filters_searches_and_orders_know_nothing_hidden(house):
    world = house.world
    for person in those(house):
        tickets = world.readable("Ticket", person)
        for row in some(house, world.records["Ticket"].values(), 2):
            for path in ("secret", "team.motto", "assignee.email", "amount", "assignee", "team", "status", "customer"):
                name, _, further = path.partition(".")
                if name not in world.kinds["Ticket"].columns:
                    continue
                value, target = row[name], world.kinds["Ticket"].columns[name].target
                if further:
                    value = world.records[target][value][further] if value is not None else None
                if value is None:
                    continue
                right = set()
                for one in tickets:
                    seen = world.value("Ticket", one, name, person)
                    if further and seen is not None:
                        seen = world.value(target, world.records[target][seen], further, person)
                    if seen == value:
                        right.add(one["id"])
                answer = house.ask(person, "GET", "/api/Ticket", query={path: str(value)})
                if answer.status_code != 200:
                    assert not right and answer.status_code in (404, 422), (person, path, value)
                    continue
                said = data(answer)
                assert ({item["id"] for item in said["items"]}, said["total"]) == (right, len(right)), (
                    person,
                    path,
                    value,
                )
            for name in ("secret", "body", "title"):
                if row[name] is None:
                    continue
                right = {row["id"]} if row in tickets and world.sees("Ticket", row, name, person) else set()
                answer = house.ask(person, "GET", "/api/Ticket", query={"search": row[name]})
                said = {item["id"] for item in data(answer)["items"]} if answer.status_code == 200 else set()
                assert said == right, (person, name, row["id"])
        for path in ("secret", "amount", "team.motto"):
            for sign in ("", "-"):
                answer = house.ask(person, "GET", "/api/Ticket", query={"sort": sign + path})
                if answer.status_code != 200:
                    continue
                ids = [item["id"] for item in data(answer)["items"]]

                def key(row, path=path, person=person):
                    name, _, further = path.partition(".")
                    value = world.value("Ticket", row, name, person)
                    return (
                        world.value("Team", world.records["Team"][value], further, person)
                        if further and value
                        else value
                    )

                valued = [row for row in tickets if key(row) is not None]
                valued.sort(key=lambda row: row["id"])
                valued.sort(key=key, reverse=sign == "-")
                rest = [row["id"] for row in tickets if key(row) is None]
                assert ids == [row["id"] for row in valued] + sorted(rest), (person, path, sign)


# --- writing ------------------------------------------------------------------------------------------------------


def fitting(house: House, entity: str, name: str, fresh: str) -> Any:
    """A value for a field, or one that only looks like it: of system fields, of records that are not there."""
    chance, column = house.chance, house.world.kinds[entity].columns.get(name)
    if column is None:
        return chance.choice([1, 2, "1"])
    if column.target:
        ids = [*house.world.records[column.target], 999]
        return chance.sample(ids[:-1], 2) if column.many else chance.choice(ids)
    if column.choices:
        return chance.choice(column.choices)
    return chance.randint(1, 99) if column.type == "int" else fresh


def bad_references(world: World, entity: str, given: dict[str, Any], before: dict[str, Any], person: Person) -> bool:
    for name, value in given.items():
        column = world.kinds[entity].columns.get(name)
        if column is None or not column.target or value is None:
            continue
        ids, old = (set(value), set(before.get(name) or [])) if column.many else ({value}, {before.get(name)})
        if any(not world.reads(column.target, id, person) for id in ids - old):
            return True
    return False


def may_create(world: World, entity: str, given: dict[str, Any], person: Person) -> bool:
    kind = world.kinds[entity]
    row: dict[str, Any] = {"id": 0, "owner": person.id}
    for name, column in kind.columns.items():
        empty: Any = [] if column.many or column.type == "marks" else column.choices[0] if column.choices else None
        row[name] = person.id if column.me else given.get(name, empty)
        if column.required and row[name] is None:
            return False
    if any(not kind.columns.get(name) or not kind.columns[name].typed_in for name in given):
        return False
    if bad_references(world, entity, given, {}, person):
        return False
    return world.may("create", entity, row, person) and all(world.sets(entity, row, name, person) for name in given)


def may_update(world: World, entity: str, id: int, given: dict[str, Any], person: Person) -> bool:
    kind, row = world.kinds[entity], world.records[entity][id]
    if not world.reaches("update", entity, id, person):
        return False
    if any(not (world.sets(entity, row, name, person) and world.sees(entity, row, name, person)) for name in given):
        return False
    if bad_references(world, entity, given, row, person):
        return False
    moved = {name: value for name, value in given.items() if kind.columns[name].target and value != row[name]}
    for name, value in moved.items():
        if kind.columns[name].many:
            unseen = [one for one in row[name] if not world.reads(kind.columns[name].target, one, person)]
            moved[name] = [*value, *(one for one in unseen if one not in value)]
    return not moved or world.may("update", entity, {**row, **moved}, person)


def test_making_records(house):
    world = house.world
    for person in those(house):
        for entity in ENTITIES:
            for at in range(3 if WORLDS else 1):
                names = [name for name in FIELDS[entity] if name in world.kinds[entity].columns or name == "owner"]
                names = [name for name in names if world.kinds[entity].title == name or house.chance.random() < 0.35]
                names += ["ticket"] if entity == "Note" and "ticket" not in names else []
                given = {name: fitting(house, entity, name, f"made{at}") for name in names}
                right = may_create(world, entity, given, person)
                answer = house.ask(person, "POST", f"/api/{entity}", json=given)
                changes = house.changes()
                if not right:
                    assert answer.status_code in (403, 404, 422) and not changes, (
                        person,
                        entity,
                        given,
                        answer.status_code,
                        answer.body,
                        changes,
                    )
                    continue
                assert answer.status_code == 201, (person, entity, given, answer.body)
                made = [after for table, _, before, after in changes if table == entity.lower() and before is None]
                others = {table for table, *_ in changes} - {
                    entity.lower(),
                    "espalier_journal",
                    f"{entity.lower()}__members",
                    "ticket__watchers",
                }
                assert len(made) == 1 and not others, (person, entity, changes)
                seen = data(answer)
                hidden = world.hidden(person)
                assert not any(text in body(answer) for text in hidden if text not in str(given)), (person, seen)
                house.restore()


def test_changing_records(house):
    world = house.world
    for person in those(house):
        for entity in ENTITIES:
            for id in some(house, world.records[entity], 3):
                names = [name for name in FIELDS[entity] if name in world.kinds[entity].columns or name == "owner"]
                given = {
                    name: fitting(house, entity, name, "changed")
                    for name in house.chance.sample(names, house.chance.choice((1, 1, 2)))
                }
                right = all(name in world.kinds[entity].columns for name in given) and may_update(
                    world, entity, id, given, person
                )
                answer = house.ask(person, "PATCH", f"/api/{entity}/{id}", json=given)
                changes = house.changes()
                if not right:
                    assert answer.status_code in (403, 404, 422) and not changes, (
                        person,
                        entity,
                        id,
                        given,
                        answer.status_code,
                        changes,
                    )
                    assert (answer.status_code == 404) == (
                        not world.reads(entity, id, person)
                    ) or answer.status_code == 422, (person, entity, id, given, answer.status_code)
                    continue
                assert answer.status_code == 200, (person, entity, id, given, answer.body)
                audit(house, person, changes, {(entity, id): set(given)})
                house.restore()


def audit(house: House, person: Person, changes: Any, allowed: dict[tuple[str, int], set[str]]) -> None:
    """Only these fields of these records have changed."""
    tables = {entity.lower(): entity for entity in ENTITIES} | {"user": "User"}
    for table, id, before, after in changes:
        if table.startswith("espalier_"):
            assert table in ("espalier_journal",), (person, table, id, after)
            continue
        base, _, name = table.partition("__")
        entity = tables[base]
        if name:
            record = (before or after)["record"]
            assert name in allowed.get((entity, record), ()), (person, table, before, after)
            continue
        assert before is not None and after is not None, (person, table, id, before, after)
        different = {key for key in after if after[key] != before[key]} - {"updated"}
        assert different <= allowed.get((entity, id), set()), (person, table, id, different)


def test_deleting_records(house):
    world = house.world
    for person in those(house):
        for entity in ENTITIES:
            for id in some(house, world.records[entity], 2):
                right = world.reaches("delete", entity, id, person)
                for method, path in (("DELETE", f"/api/{entity}/{id}"), ("POST", f"/{entity.lower()}/{id}/delete")):
                    answer = house.ask(person, method, path, form={"sure": "1"} if method == "POST" else None)
                    changes = house.changes()
                    if not right:
                        assert (
                            answer.status_code in ((404, 403) if person.id or method == "DELETE" else (303, 403, 404))
                            and not changes
                        ), (person, path, answer.status_code, changes)
                        continue
                    gone = {
                        (table, one) for table, one, before, after in changes if after is None and "__" not in table
                    }
                    parts = {
                        ("note", note["id"])
                        for note in world.records["Note"].values()
                        if entity == "Ticket" and note["ticket"] == id
                    }
                    assert gone == {(entity.lower(), id)} | parts, (person, path, answer.status_code, gone)
                    house.restore()


def test_buttons_and_marks(house):
    world = house.world
    for person in those(house):
        for id, row in some(house, world.records["Ticket"].items(), 3):
            reads = world.reads("Ticket", id, person)
            for label, (who, before, after) in world.kinds["Ticket"].actions.items():
                allowed = person.admin or (
                    world.holds(who, "Ticket", row, person) if who else world.may("update", "Ticket", row, person)
                )
                right = reads and allowed and row["status"] == before
                for path in (f"/api/Ticket/{id}/actions/{label.lower()}", f"/ticket/{id}/do/{label.lower()}"):
                    answer = house.ask(
                        person, "POST", path, json={"status": "Closed", "secret": "forged"} if right is False else None
                    )
                    changes = house.changes()
                    if not right:
                        assert not changes and answer.status_code in (303, 403, 404, 409, 422), (
                            person,
                            path,
                            answer.status_code,
                            changes,
                        )
                        continue
                    audit(house, person, changes, {("Ticket", id): {"status"}})
                    assert any(table == "ticket" and said["status"] == after for table, _, _, said in changes), (
                        person,
                        path,
                        answer.status_code,
                    )
                    house.restore()
            right = reads and person.id is not None and world.sees("Ticket", row, "likes", person)
            rule = world.kinds["Ticket"].of_fields.get("likes", {}).get("write")
            right = right and (rule is None or person.admin or world.holds(rule, "Ticket", row, person))
            for method, path in (
                ("PUT", f"/api/Ticket/{id}/marks/likes"),
                ("DELETE", f"/api/Ticket/{id}/marks/likes"),
                ("POST", f"/ticket/{id}/mark/likes"),
            ):
                answer = house.ask(person, method, path)
                changes = house.changes()
                marked = person.id in row["likes"]
                if not right:
                    assert not changes and answer.status_code in (303, 403, 404), (
                        person,
                        path,
                        answer.status_code,
                        changes,
                    )
                    continue
                expected = {"PUT": not marked, "DELETE": marked, "POST": True}[method]
                assert len(changes) == int(expected) and answer.status_code in (200, 303), (person, path, changes)
                audit(house, person, changes, {("Ticket", id): {"likes"}})
                house.restore()


def test_forms_of_pages(house):
    """Edit pages, cells edited in place, chosen rows, boards, forms, imports: with more fields than they have."""
    world, chance = house.world, house.chance
    for person in those(house):
        for id in some(house, world.records["Ticket"], 1):
            edits = world.reaches("update", "Ticket", id, person)
            assert (house.ask(person, "GET", f"/ticket/{id}/edit").status_code == 200) == edits, (person, id)
            forged = {
                "title": "forged",
                "secret": "forged",
                "status": "Closed",
                "amount": "5",
                "owner": "1",
                "author": "1",
                "id": "99",
                "assignee": "3",
                "team": "2",
                "updated": "",
            }
            # What a form holds and is sent empty is emptied: all that they may set counts as asked for.
            own = {
                name
                for name in world.kinds["Ticket"].columns
                if world.sets("Ticket", world.records["Ticket"][id], name, person)
                and world.sees("Ticket", world.records["Ticket"][id], name, person)
            }
            tries: list[tuple[str, dict[str, Any]]] = [(f"/ticket/{id}/edit", forged)]
            for name in ("secret", "status", "amount", "title", "owner", "team"):
                tries.append(
                    (
                        "/tables",
                        {
                            "block": "0",
                            "do": "edit",
                            "field": name,
                            "id": str(id),
                            "value": "Closed" if name == "status" else "7",
                        },
                    )
                )
            for deed in ("set:status:Closed", "set:secret:forged", "set:owner:1", "act:finish", "delete"):
                tries.append(("/tables", {"block": "0", "do": "bulk", "ids": [str(id)], "deed": deed, "sure": "1"}))
            tries += [
                (f"/ticket/{id}/move/{name}", {name: to})
                for name, to in (("status", "Closed"), ("team", "2"), ("secret", "x"), ("owner", "1"), ("author", "1"))
            ]
            for path, form in some(house, tries, 6):
                house.ask(person, "POST", path, form=form)
                changes = house.changes()
                if not changes:
                    continue
                row = world.records["Ticket"][id]
                if form.get("deed") == "delete":
                    assert world.reaches("delete", "Ticket", id, person), (person, path, form)
                elif form.get("deed") == "act:finish":
                    who = world.kinds["Ticket"].actions["Finish"][0]
                    assert person.admin or (world.holds(who, "Ticket", row, person) if who else edits), (
                        person,
                        path,
                        form,
                    )
                    audit(house, person, changes, {("Ticket", id): {"status"}})
                else:
                    assert edits, (person, path, form, changes)
                    audit(house, person, changes, {("Ticket", id): own})
                house.restore()
        for at, entity in some(house, enumerate(("Ticket", "Note", "Log", "Letter")), 2):
            values: dict[str, Any] = {
                "title": "made",
                "words": "made",
                "line": "made",
                "subject": "made",
                "ticket": str(chance.choice(list(world.records["Ticket"]))),
                "team": "1",
                "to": "2",
                "owner": "1",
                "author": "1",
                "secret": "made",
                "level": "Low",
                "status": "Done",
            }
            slug = entity.lower()
            heading = ",".join(name for name in values)
            text = f"{heading}\n" + ",".join(str(value) for value in values.values())
            for path, form in (
                ("/forms", {"block": str(at), **values}),
                (f"/{slug}/new", values),
                (f"/{slug}/import", {"text": text, "sure": "1"}),
            ):
                house.ask(person, "POST", path, form=form)
                for table, _, before, after in house.changes():
                    if table == "espalier_journal" or table.startswith("espalier_attempt"):
                        continue
                    assert before is None and table == slug, (person, path, table, before, after)
                    row = {
                        name: ([] if column.many or column.type == "marks" else None)
                        for name, column in world.kinds[entity].columns.items()
                    }
                    row |= {name: value for name, value in after.items() if name in row or name == "id"}
                    maker = next((name for name, column in world.kinds[entity].columns.items() if column.me), "owner")
                    row["owner"] = person.id
                    if entity != "Log" or path != "/forms":
                        assert world.may("create", entity, row, person), (person, path, row)
                    assert after.get(maker) == person.id or person.id is None, (person, path, after)
                    for name, column in world.kinds[entity].columns.items():
                        if column.target and not column.many and after[name] is not None and not column.me:
                            assert world.reads(column.target, after[name], person), (person, path, name, after)
                house.restore()


def test_only_the_admin_enters_the_admin_pages(house):
    for person in those(house):
        for path in ("/admin", "/admin/people", "/admin/outbox", "/admin/settings", "/admin/data/ticket"):
            status = house.ask(person, "GET", path).status_code
            assert (status == 200) == person.admin, (person, path, status)
        for path in (
            "/admin/people/3/role",
            "/admin/people/3/close",
            "/admin/people/3/reopen",
            "/admin/people/3/link",
            "/admin/people",
        ):
            if not person.admin:
                with house.unchanged(person, path):
                    house.ask(person, "POST", path, form={"role": "admin", "email": "x@example.com"})


HANDS = """\
app: Hands
data:
  Project:
    name: text!
    members: [User]
  Task:
    title: text!
    holder: User
    project: Project
    step: part | whole = part
  Piece:
    task: Task! part
    name: text!
access:
  Project: {read: members, write: members}
  Task: {read: user, create: user, update: holder or project.members, delete: holder}
pages:
  Home:
    - table: Task
"""


def test_nobody_pushes_a_record_into_other_hands():
    """A reference is changed only so that the one who changes it could still change the record, and only to what they may read."""
    app = App(read(HANDS))
    tables = app.database.tables
    with app.database.write() as connection:
        for id in (1, 2):
            connection.execute(
                tables["User"]
                .insert()
                .values(id=id, name=f"P{id}", email=f"p{id}@example.com", role="user", created=NOW, updated=NOW)
            )
            connection.execute(tables["Project"].insert().values(id=id, name=f"Project {id}", created=NOW, updated=NOW))
            connection.execute(
                tables.link("Project", "members").insert().values(record=id, target=id, position=0, created=NOW)
            )
            connection.execute(
                tables["Task"]
                .insert()
                .values(id=id, title=f"Task {id}", holder=id, project=None, step="part", created=NOW, updated=NOW)
            )
            connection.execute(
                tables["Piece"].insert().values(id=id, task=id, name=f"Piece {id}", created=NOW, updated=NOW)
            )
    visitor = Visitor(1, "P1", "p1@example.com", "user")
    csrf = Visit(app, visitor=visitor).csrf

    def change(path: str, **values: Any) -> int:
        return app.respond(
            Visit(app, "PATCH", path, json=values, headers={"x-csrf-token": csrf}, visitor=visitor)
        ).status_code

    assert change("/api/Task/1", holder=2) == 403
    assert change("/api/Task/1", project=2) == 422  # they may not read it
    assert change("/api/Task/2", holder=1) == 403  # nor take what is another's
    assert change("/api/Piece/1", task=2) == 403
    assert change("/api/Piece/2", task=1) == 403
    assert change("/api/Project/1", members=[2]) == 403
    with app.database.read() as connection:
        assert [
            tuple(row) for row in connection.execute(select(tables["Task"].c.holder, tables["Task"].c.project))
        ] == [(1, None), (2, None)]
        assert [row.task for row in connection.execute(select(tables["Piece"].c.task))] == [1, 2]
    assert change("/api/Task/1", project=1) == 200
    assert change("/api/Task/1", holder=2) == 200  # a member of its project still may
    app.close()


SHUT_OUT = """\
app: Shut out
roles: [member, boss]
data:
  Note:
    words: text!
  User:
    street: text
    judgement: text
access:
  User: {judgement: {read: boss}}
pages:
  Home:
    - table: Note
"""


HIDDEN_BLOCKS = """\
app: Hidden blocks
roles: [member, boss]
data:
  Note:
    words: text!
access:
  Note: {read: anyone, write: anyone}
pages:
  Home:
    - form: Note
      if: boss
    - newsletter: Letters
      if: boss
    - custom: Game
      if: boss
      html: qxgamexq
  Office (boss):
    - form: Note
    - newsletter: Letters
    - custom: Game
      html: qxgamexq
"""


def test_what_is_not_shown_takes_nothing():
    """A block under a condition, and a page for others, are closed to what is sent to them as well."""
    app = App(read(HIDDEN_BLOCKS))
    for role, open_to_them in (("member", False), ("boss", True)):
        visitor = Visitor(7 if role == "boss" else 8, role, f"{role}@example.com", role)
        with app.database.write() as connection:
            connection.execute(
                app.database.tables["User"]
                .insert()
                .values(id=visitor.id, name=role, email=visitor.email, role=role, created=NOW, updated=NOW)
            )
        headers = {"x-csrf-token": Visit(app, visitor=visitor).csrf}
        page = body(app.respond(Visit(app, "GET", "/", visitor=visitor)))
        assert ("/-/frames/home/3" in page) == open_to_them
        for path, form in (
            ("/", {"block": "0", "words": "x"}),
            ("/office", {"block": "0", "words": "x"}),
            ("/-/letters/home/2", {"email": f"{role}@example.com"}),
            ("/-/letters/office/2", {"email": f"{role}@example.com"}),
        ):
            status = app.respond(Visit(app, "POST", path, form=form, headers=headers, visitor=visitor)).status_code
            assert (status == 303) == open_to_them, (role, path, status)
        for path in ("/-/frames/home/3", "/-/frames/office/3"):
            answer = app.respond(Visit(app, "GET", path, visitor=visitor))
            assert ("qxgamexq" in body(answer)) == open_to_them, (role, path)
        with app.database.read() as connection:
            rows = connection.execute(app.database.tables["Note"].select()).all()
            letters = connection.execute(system.subscriber.select()).all()
        assert bool(rows) == bool(letters) == open_to_them
    app.close()


def test_the_last_admin_stays_whoever_may_change_people():
    app = App(
        read(
            SHUT_OUT.replace("User: {judgement: {read: boss}}", "User: {read: user, write: boss, role: {write: boss}}")
        )
    )
    user = app.database.tables["User"]
    with app.database.write() as connection:
        for id, role in ((1, "admin"), (2, "boss")):
            connection.execute(
                user.insert().values(id=id, name=role, email=f"{role}@example.com", role=role, created=NOW, updated=NOW)
            )
            connection.execute(system.credential.insert().values(user=id, password="x", changed=NOW))
    for visitor in (Visitor(1, "admin", "admin@example.com", "admin"), Visitor(2, "boss", "boss@example.com", "boss")):
        headers = {"x-csrf-token": Visit(app, visitor=visitor).csrf}
        tries = [("PATCH", "/api/User/1", {"role": "member"}), ("DELETE", "/api/User/1", None)]
        tries += (
            [("PATCH", "/api/User/2", {"role": "admin"}), ("PATCH", "/api/User/1", {"email": "boss2@example.com"})]
            if visitor.id == 2
            else []
        )
        for method, path, values in tries:
            answer = app.respond(Visit(app, method, path, json=values, headers=headers, visitor=visitor))
            assert answer.status_code == 422, (visitor.role, method, path, values, answer.status_code)
    with app.database.read() as connection:
        assert [tuple(row) for row in connection.execute(select(user.c.id, user.c.role, user.c.email))] == [
            (1, "admin", "admin@example.com"),
            (2, "boss", "boss@example.com"),
        ]
    app.close()


def test_the_account_page_keeps_what_is_said_of_somebody_from_them():
    app = App(read(SHUT_OUT))
    with app.database.write() as connection:
        user = app.database.tables["User"]
        connection.execute(
            user.insert().values(
                id=7,
                name="Mia",
                email="mia@example.com",
                role="member",
                street="qxstreetxq",
                judgement="qxhiddenxq",
                created=NOW,
                updated=NOW,
            )
        )
        connection.execute(system.credential.insert().values(user=7, password="x", changed=NOW))
    visitor = Visitor(7, "Mia", "mia@example.com", "member")
    page = body(app.respond(Visit(app, "GET", "/account", visitor=visitor)))
    assert "qxstreetxq" in page and "qxhiddenxq" not in page and "judgement" not in page.lower()
    csrf = Visit(app, visitor=visitor).csrf
    app.respond(
        Visit(
            app,
            "POST",
            "/account",
            visitor=visitor,
            form={
                "csrf": csrf,
                "name": "Mia",
                "street": "qxnewxq",
                "judgement": "perfect",
                "role": "admin",
                "email": "x@example.com",
            },
        )
    )
    with app.database.read() as connection:
        row = connection.execute(user.select()).one()
    assert (row.street, row.judgement, row.role, row.email) == ("qxnewxq", "qxhiddenxq", "member", "mia@example.com")
    app.close()


def test_the_description_names_only_what_may_be_seen(house):
    """A field that nobody but the admin may read is in no description."""
    world = house.world
    for person in those(house):
        said = data(house.ask(person, "GET", "/api/openapi.json"))["components"]["schemas"]
        for entity, kind in world.kinds.items():
            for name, rules in kind.of_fields.items():
                if rules.get("read") == ("nobody",) and not person.admin and entity in said:
                    assert name not in said[entity]["properties"], (person, entity, name)


def test_the_oracle_is_not_blind():
    """The worlds hold what the tests are about: hidden records and fields for some, all for the admin."""
    for seed in SEEDS:
        made = world(seed)
        assert not made.hidden(Person(1, "admin"))
        assert len(made.hidden(Person(None, None))) > 3
    changed = deepcopy(world(0))
    changed.kinds["Ticket"].rules = {"read": ("nobody",)}
    assert {"qxticket1titlexq"} <= changed.hidden(Person(2, "client"))
    assert len(PEOPLE) == 5
