"""Versions of an app over the API: history, undo and redo, restore, branch, two browsers at once, blocks that are moved."""

from __future__ import annotations

from tests.studio.using import SALON, Browser


def text_of(app) -> str:
    return app["blueprint"]


def test_every_change_is_a_version_and_can_be_undone_and_redone(me: Browser):
    app = me.made()
    first, id = app["head"], app["id"]
    second = me.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: navy}\n", "base": first})
    assert second["head"] != first
    assert "navy" in text_of(second)
    assert second["can"] == {"undo": True, "redo": False}
    back = me.ok(f"/api/apps/{id}/undo", {"base": second["head"]})
    assert back["head"] == first
    assert "navy" not in text_of(back)
    assert back["can"]["redo"]
    again = me.ok(f"/api/apps/{id}/redo", {"base": first})
    assert text_of(again) == text_of(second)
    assert [one["how"] for one in again["versions"]] == ["patch", "hand", "gallery"]
    assert "navy" in again["versions"][0]["said"]


def test_undo_reaches_the_first_version_and_no_further(me: Browser):
    app = me.made()
    begin = me.ok(f"/api/apps/{app['id']}/undo")
    assert begin["head"] == 1
    assert begin["name"] != "Dog salon"
    answer = me.send(f"/api/apps/{app['id']}/undo")
    assert answer.status_code == 422
    assert "nothing to undo" in answer.json()["error"]


def test_a_change_after_undo_begins_another_line_and_the_old_one_can_be_restored(me: Browser):
    app = me.made()
    id = app["id"]
    navy = me.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: navy}\n", "base": app["head"]})
    me.ok(f"/api/apps/{id}/undo")
    red = me.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: red}\n", "base": app["head"]})
    assert not red["can"]["redo"]
    off = next(one for one in red["versions"] if one["number"] == navy["head"])
    assert not off["on"]
    restored = me.ok(f"/api/apps/{id}/restore", {"version": navy["head"]})
    assert text_of(restored) == text_of(navy)
    assert restored["head"] > red["head"]


def test_of_two_browsers_the_second_is_told_and_its_text_is_kept(me: Browser, running):
    other = running.browser()
    app = me.made()
    id, base = app["id"], app["head"]
    me.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: navy}\n", "base": base})
    mine = SALON.replace("breed: text", "breed: text\n    birthday: date")
    answer = other.send(f"/api/apps/{id}/apply", {"text": mine, "base": base})
    assert answer.status_code == 409
    said = answer.json()
    assert said["yours"] == mine
    assert "navy" in said["theirs"]
    assert "navy" in said["together"]
    assert "birthday" in said["together"]
    now = other.read(f"/api/apps/{id}")
    assert "birthday" not in now["blueprint"]
    assert [one["text"] for one in now["drafts"]] == [mine]
    done = other.ok(f"/api/apps/{id}/apply", {"text": said["together"], "base": said["head"]})
    assert "birthday" in done["blueprint"]
    other.ok(f"/api/apps/{id}/drafts/{said['draft']}/drop")
    assert other.read(f"/api/apps/{id}")["drafts"] == []


def test_a_text_with_faults_is_refused_with_their_lines(me: Browser):
    app = me.made()
    answer = me.send(f"/api/apps/{app['id']}/apply", {"text": SALON.replace("cards: Dog", "cards: Cat"), "base": 2})
    assert answer.status_code == 422
    problem = answer.json()["problems"][0]
    assert "Cat" in problem["message"] + problem["text"]
    assert problem["line"] == SALON[: SALON.index("cards: Dog")].count("\n") + 1
    assert me.read(f"/api/apps/{app['id']}")["head"] == app["head"]


def test_a_block_is_moved(me: Browser):
    app = me.made()
    moved = me.ok(f"/api/apps/{app['id']}/move", {"page": "Home", "from": 1, "to": 0, "base": app["head"]})
    home = next(page for page in moved["pages"] if page["name"] == "Home")
    assert home["blocks"] == ["cards", "hero"]
    assert moved["versions"][0]["how"] == "move"
    wrong = me.send(f"/api/apps/{app['id']}/move", {"page": "Home", "from": 5, "to": 0, "base": moved["head"]})
    assert wrong.status_code == 422


def test_a_branch_is_an_app_of_its_own(me: Browser):
    app = me.made()
    made = me.ok(f"/api/apps/{app['id']}/branch", {"version": app["head"]})
    assert made["id"] != app["id"]
    me.ok(f"/api/apps/{made['id']}/apply", {"patch": "app: Cat salon\n", "base": 1})
    assert me.read(f"/api/apps/{made['id']}")["name"] == "Cat salon"
    assert me.read(f"/api/apps/{app['id']}")["name"] == "Dog salon"


def test_what_a_change_would_do_is_said_before_it_is_made(me: Browser):
    app = me.made()
    patch = "rename: {Dog.breed: kind}\ndata:\n  Dog: {birthday: date}\n"
    said = me.ok(f"/api/apps/{app['id']}/propose", {"patch": patch, "base": app["head"]})
    words = [one["words"] for one in said["changes"]]
    assert "Dog gets a field birthday (date)." in words
    assert any("breed" in one and "kind" in one for one in words)
    assert said["effect"]["notes"]
    assert me.read(f"/api/apps/{app['id']}")["head"] == app["head"]


def test_a_version_says_how_it_differs(me: Browser):
    app = me.made()
    me.ok(f"/api/apps/{app['id']}/apply", {"patch": "data:\n  Dog: {birthday: date}\n", "base": app["head"]})
    said = me.read(f"/api/apps/{app['id']}/versions/3")
    assert said["parent"] == 2
    assert [one["words"] for one in said["changes"]] == ["Dog gets a field birthday (date)."]
    assert me.get(f"/api/apps/{app['id']}/versions/9").status_code == 404


def test_lint_gives_lines_while_somebody_types(me: Browser):
    good = me.ok("/api/lint", {"text": SALON})
    assert good["reads"]
    assert not good["problems"]
    bad = me.ok("/api/lint", {"text": SALON.replace("name: text!", "name: texxt!")})
    assert not bad["reads"]
    assert bad["problems"][0]["line"] == 6
    assert me.read("/api/schema")["type"] == "object"
