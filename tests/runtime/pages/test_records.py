"""The pages of records: shown, made, changed, deleted, their actions and marks; forged ids; two people at once."""

import pytest

from tests.runtime.using import User


def test_a_record_is_made_changed_and_deleted(luthier):
    luthier.get("/maker/new").fill("name", name="Stainer", town="Absam")
    assert "Stainer" in luthier.text and luthier.url.startswith("/maker/3") and "added." in luthier.text
    luthier.get("/maker/3/edit").fill("name", town="Innsbruck")
    assert "Innsbruck" in luthier.text and "Saved." in luthier.text
    luthier.get("/maker/3/delete")
    assert "Stainer will be deleted" in luthier.text and luthier.records.count("Maker") == 3
    luthier.fill("Delete")
    assert luthier.status == 200 and luthier.records.count("Maker") == 2


def test_what_is_needed_stays_with_words(luthier):
    luthier.records.create("Repair", {"violin": "1", "what": "Bridge"})
    luthier.get("/violin/1/delete")
    assert "and with it 1 repair." in luthier.text
    luthier.fill("Delete")
    assert luthier.records.count("Repair") == 0


@pytest.mark.parametrize(
    "path",
    [
        "/maker/99",
        "/maker/0",
        "/maker/99999999999999999999",
        "/maker/x",
        "/nothing/1",
        "/maker/1/nothing",
        "/maker/99/edit",
        "/maker/99/delete",
        "/violin/1/do/nothing",
        "/violin/1/mark/name",
    ],
)
def test_what_is_not_there(luthier, path):
    assert luthier.get(path).status in (404, 405)


@pytest.mark.parametrize(
    "path", ["/maker/new", "/maker/1/edit", "/maker/1/delete", "/violin/1/do/sell", "/maker/import", "/user/new"]
)
def test_what_is_not_for_everybody(player, stranger, path):
    assert player.get(path).status == 403
    assert stranger.get(path, follow=False).status == 303 and "/login" in stranger.headers["location"]
    before = player.records.count("Maker"), player.records.get("Violin", 1)["state"]
    player.post(path, {"name": "Forged", "town": "x", "price": "1", "text": "name\nForged", "sure": "yes"})
    assert player.status in (403, 404)
    assert (player.records.count("Maker"), player.records.get("Violin", 1)["state"]) == before


def test_buttons_only_for_those_who_may(luthier, player):
    assert "/violin/1/do/sell" in luthier.get("/violin/1").text and "/violin/1/edit" in luthier.text
    for words in ("/do/", "/edit", "/delete"):
        assert words not in player.get("/violin/1").text
    # An action whose condition does not hold is not there: the second is not ready yet.
    assert "/do/sell" not in luthier.get("/violin/2").text and "/do/make-ready" in luthier.text


def test_an_action_without_questions(luthier):
    luthier.get("/violin/2").fill("Make ready")
    assert luthier.records.get("Violin", 2)["state"] == "Ready" and "Make ready: done." in luthier.text
    # Pressed again from an old page.
    luthier.post("/violin/2/do/make-ready", {})
    assert luthier.status == 403


def test_an_action_that_asks(luthier):
    luthier.get("/violin/1/do/sell")
    assert luthier.status == 200 and luthier.form("price")
    luthier.fill("price", price="a lot")
    assert (
        luthier.status == 422
        and "must be an amount" in luthier.text
        and luthier.form("price").values["price"] == ["a lot"]
    )
    luthier.fill("price", price="2000")
    assert (
        luthier.records.get("Violin", 1)["state"] == "Sold"
        and str(luthier.records.get("Violin", 1)["price"]) == "2000.00"
    )
    # The same in a dialog: a fragment, and then a way on.
    luthier.records.update("Violin", 1, {"state": "Ready"})
    luthier.get("/violin/1/do/sell", HX_Request="true")
    assert "<html" not in luthier.text and luthier.form("price")
    luthier.post("/violin/1/do/sell", {"price": "5", "next": "/talk"}, follow=False, HX_Request="true")
    assert luthier.headers["hx-redirect"] == "/talk"


def test_an_action_is_never_done_by_looking_at_it(luthier):
    luthier.get("/violin/2/do/make-ready")
    assert luthier.records.get("Violin", 2)["state"] == "On the bench"


def test_an_action_that_wants_to_be_confirmed(luthier):
    luthier.get("/violin/3/do/scrap")
    assert "Break it up?" in luthier.text and luthier.records.count("Violin") == 4
    luthier.fill("Scrap")
    assert luthier.status == 200 and luthier.records.count("Violin") == 3


def test_two_people_at_once(app, luthier):
    other = User(app, luthier.visitor)
    luthier.get("/maker/1/edit")
    other.get("/maker/1/edit").fill("name", town="Milan")
    luthier.fill("name", name="Amati the elder", town="Mantua")
    assert luthier.status == 409 and "Somebody else changed this" in luthier.text
    assert "Milan" in luthier.text and luthier.form("name").values["town"] == ["Mantua"]
    assert luthier.records.get("Maker", 1)["town"] == "Milan"
    # Having seen both, they save theirs.
    luthier.fill("name")
    assert (
        luthier.records.get("Maker", 1)["town"] == "Mantua"
        and luthier.records.get("Maker", 1)["name"] == "Amati the elder"
    )


@pytest.mark.parametrize(
    "forged", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_away(luthier, forged):
    luthier.post("/maker/new", {"name": "X", "next": forged}, follow=False)
    assert (
        luthier.status == 303
        and luthier.headers["location"].startswith("/")
        and "evil" not in luthier.headers["location"]
    )
    luthier.get(f"/maker/1/delete?next={forged}")
    assert 'href="https://evil' not in luthier.text and "javascript:" not in luthier.text.split("<main")[1].replace(
        'value="javascript:', ""
    )


def test_everything_is_escaped(luthier):
    hostile = '"><img src=x onerror=alert(1)>'
    luthier.get("/maker/new").fill("name", name=hostile, town=hostile)
    luthier.records.create(
        "Violin", {"name": hostile, "maker": "3", "tags": hostile.replace(",", ""), "place": hostile, "about": hostile}
    )
    for url in (
        "/",
        "/maker/3",
        "/maker/3/edit",
        "/maker/3/delete",
        "/violin/5",
        "/violin/5/edit",
        "/violin/new",
        "/talk",
        "/?b2-q=img",
        "/violin/5/do/make-ready",
    ):
        text = luthier.get(url).text
        assert "<img src=x" not in text, url
        assert "onerror" in text or "do/" in url, url


def test_marks_of_strangers(stranger):
    stranger.post("/violin/1/mark/likes", {}, follow=False)
    assert stranger.status == 303 and "/login" in stranger.headers["location"]
    assert stranger.records.get("Violin", 1)["likes"] == 0


def test_nobody_makes_people_by_a_form(luthier, app):
    from espalier.runtime.access import Visitor

    admin = User(app, Visitor(999, "Ada", "ada@example.com", "admin"))
    admin.post("/user/new", {"name": "X", "email": "x@example.com", "role": "admin"})
    assert admin.status == 403
