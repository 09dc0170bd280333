"""Races on a file: whatever many do in the same moment, there is one winner where the rules say so.

Every thread waits at a barrier and then does the same thing through `App.respond`; two App objects on the same file stand
for two servers.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.people import accounts, passwords, tokens, welcome
from espalier.runtime.storage import system
from espalier.runtime.visit import Visit

from .counted import TRIED

PASSWORD = "a long walk home"
BLUEPRINT = """\
app: Course office
roles: [student, teacher]
signup: invite
data:
  Course:
    name: text! unique
    places: int = 3
    places_left: int = places - count(Signup)
    likes: marks
    code: serial C-001
    state: Open | Closed = Open
    log: int = 0
    actions:
      Close (user): [if state = Open, state = Closed, create Entry, Entry.words = "closed"]
  Signup:
    course: Course!
    student: User! owner = me
    unique: [course, owner]
    rules:
      This course is full: course.places_left > 0
  Entry:
    course: Course
    words: text
access:
  Course: {read: anyone, create: user, update: user, delete: user}
  Signup: {read: user, create: user, update: nobody, delete: own}
  Entry: {read: user, write: user}
pages:
  Home:
    - table: Course
"""
MANY = 12


@pytest.fixture
def servers(tmp_path) -> Iterator[list[App]]:
    blueprint = read(BLUEPRINT)
    made = [App(blueprint, tmp_path / "app"), App(blueprint, tmp_path / "app")]
    yield made
    for app in made:
        app.close()


@pytest.fixture
def people(servers) -> list[Visitor]:
    app, found = servers[0], []
    with app.database.write() as connection:
        for at in range(MANY):
            email = f"s{at}@example.com"
            id = accounts.create(
                app, connection, name=f"S{at}", email=email, role="student", password=passwords.make(PASSWORD)
            )
            found.append(Visitor(id, f"S{at}", email, "student"))
    return found


def ask(app: App, visitor: Visitor | None, method: str, path: str, **more: Any) -> Any:
    headers = {"x-csrf-token": Visit(app, visitor=visitor).csrf} if visitor else {}
    return app.respond(Visit(app, method, path, headers=headers, visitor=visitor, **more))


def at_once(deeds: list[Callable[[], Any]]) -> list[int]:
    """Do all in the same moment; the status of each."""
    gate, answers = threading.Barrier(len(deeds)), [0] * len(deeds)

    def run(at: int) -> None:
        gate.wait()
        answers[at] = deeds[at]().status_code

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(answers), answers
    TRIED["deeds in the same moment"] += len(deeds)
    return answers


def count(app: App, entity: str) -> int:
    with app.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(app.database.tables[entity])).scalar_one())


def course(app: App, visitor: Visitor, name: str = "Maths", places: int = 3) -> int:
    import json

    return int(json.loads(ask(app, visitor, "POST", "/api/Course", json={"name": name, "places": places}).body)["id"])


def test_one_name_one_winner(servers, people):
    for at in range(3):
        statuses = at_once([lambda app=servers[n % 2], who=who, at=at: ask(app, who, "POST", "/api/Course", json={"name": f"Art {at}"}) for n, who in enumerate(people)])  # fmt: skip
        assert sorted(statuses) == [201] + [422] * (MANY - 1)
    assert count(servers[0], "Course") == 3


def test_a_course_is_never_overfull(servers, people):
    for places in (1, 3, 5):
        id = course(servers[0], people[0], f"Course {places}", places)
        statuses = at_once([lambda app=servers[n % 2], who=who, id=id: ask(app, who, "POST", "/api/Signup", json={"course": id}) for n, who in enumerate(people)])  # fmt: skip
        assert statuses.count(201) == places and statuses.count(422) == MANY - places, statuses
    assert count(servers[0], "Signup") == 9


def test_once_for_each_person(servers, people):
    id = course(servers[0], people[0], places=50)
    statuses = at_once([lambda app=servers[n % 2], who=people[n % 3], id=id: ask(app, who, "POST", "/api/Signup", json={"course": id}) for n in range(MANY)])  # fmt: skip
    assert statuses.count(201) == 3 and count(servers[0], "Signup") == 3


def test_serial_numbers_are_given_once_and_without_gaps(servers, people):
    at_once(
        [
            lambda app=servers[n % 2], who=who, n=n: ask(app, who, "POST", "/api/Course", json={"name": f"C {n}"})
            for n, who in enumerate(people)
        ]
    )
    with servers[0].database.read() as connection:
        codes = [code for (code,) in connection.execute(select(servers[0].database.tables["Course"].c.code))]
    assert sorted(codes) == [f"C-{at:03d}" for at in range(1, MANY + 1)]


def test_marks_count_people_not_presses(servers, people):
    id = course(servers[0], people[0])
    statuses = at_once(
        [
            lambda app=servers[n % 2], who=people[n % 4], id=id: ask(app, who, "PUT", f"/api/Course/{id}/marks/likes")
            for n in range(MANY)
        ]
    )
    assert set(statuses) == {200}
    with servers[0].database.read() as connection:
        link = servers[0].database.tables.link("Course", "likes")
        assert connection.execute(select(func.count()).select_from(link)).scalar_one() == 4


def test_a_button_that_holds_once_is_pressed_once(servers, people):
    id = course(servers[0], people[0])
    statuses = at_once(
        [
            lambda app=servers[n % 2], who=who, id=id: ask(app, who, "POST", f"/api/Course/{id}/actions/close", json={})
            for n, who in enumerate(people)
        ]
    )
    assert statuses.count(200) == 1, statuses
    assert count(servers[0], "Entry") == 1


def test_what_is_deleted_takes_nothing_new(servers, people):
    id = course(servers[0], people[0], places=50)
    deeds = [
        lambda app=servers[n % 2], who=who, id=id: ask(app, who, "POST", "/api/Signup", json={"course": id})
        for n, who in enumerate(people[1:])
    ]
    statuses = at_once([*deeds, lambda: ask(servers[1], people[0], "DELETE", f"/api/Course/{id}")])
    there = count(servers[0], "Course")
    assert (there == 1) == (statuses[-1] == 422)
    assert count(servers[0], "Signup") == (statuses[:-1].count(201) if there else 0)
    with servers[0].database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_the_last_to_save_is_told(servers, people):
    """Two people who saw the same state: what one saved is not overwritten by the other."""
    import json

    id = course(servers[0], people[0])
    seen = json.loads(ask(servers[0], people[0], "GET", f"/api/Course/{id}").body)["updated"]
    clock = Ticking()
    for app in servers:
        app.clock = clock
    statuses = at_once([lambda app=servers[n % 2], who=who, n=n: ask(app, who, "PATCH", f"/api/Course/{id}", json={"name": f"N {n}", "updated": seen}) for n, who in enumerate(people)])  # fmt: skip
    # `updated` is kept to the second, so the clock goes on by one with every visit; see docs/security.md.
    assert sorted(statuses) == [200] + [409] * (MANY - 1), statuses


class Ticking:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.now, self.lock = datetime(2030, 1, 1), threading.Lock()

    def __call__(self) -> datetime:
        with self.lock:
            self.now += timedelta(seconds=1)
            return self.now


class Guest:
    """A stranger's browser on one server."""

    def __init__(self, app: App, client: str) -> None:
        self.app, self.client, self.cookies = app, client, {}

    def visit(self, method: str, path: str, form: Any = None) -> Any:
        visit = Visit(
            self.app,
            method,
            path,
            form=form,
            cookies=self.cookies,
            client=self.client,
            headers={"host": "localhost:8000"},
        )
        answer = self.app.respond(visit)
        for cookie in visit.new_cookies:
            self.cookies[cookie.name] = cookie.value
        return answer

    def token(self, path: str) -> str:
        return re.search(r'name="csrf" value="([^"]+)"', self.visit("GET", path).body.decode())[1]


def test_an_app_has_one_first_owner(servers):
    link = welcome.setup_link(servers[0])
    path = "/welcome/" + link.rsplit("/", 1)[1]
    guests = [Guest(servers[n % 2], f"192.0.2.{n}") for n in range(MANY)]
    csrf = [guest.token(path) for guest in guests]
    statuses = at_once([lambda guest=guest, n=n: guest.visit("POST", path, {"csrf": csrf[n], "name": f"Owner {n}", "email": f"o{n}@example.com", "password": PASSWORD}) for n, guest in enumerate(guests)])  # fmt: skip
    assert statuses.count(303) == 1, statuses
    with servers[0].database.read() as connection:
        user = servers[0].database.tables["User"]
        assert (
            connection.execute(select(func.count()).select_from(user).where(user.c.role == "admin")).scalar_one() == 1
        )
        assert connection.execute(select(func.count()).select_from(system.credential)).scalar_one() == 1


def test_an_invitation_is_used_once(servers):
    with servers[0].database.write() as connection:
        secret = tokens.issue(
            servers[0], connection, "invite", email="new@example.com", role="teacher", lasts=timedelta(days=1)
        )
    path = f"/invite/{secret}"
    guests = [Guest(servers[n % 2], f"192.0.2.{n}") for n in range(MANY)]
    csrf = [guest.token(path) for guest in guests]
    statuses = at_once(
        [
            lambda guest=guest, n=n: guest.visit(
                "POST", path, {"csrf": csrf[n], "name": f"Guest {n}", "password": PASSWORD}
            )
            for n, guest in enumerate(guests)
        ]
    )
    assert statuses.count(303) == 1, statuses
    assert count(servers[0], "User") == 1
