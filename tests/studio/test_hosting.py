"""The apps' origin: previews as roles, with data that is not the kept data; published apps, and what happens to theirs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.studio.using import APPS, SALON, Browser, Running


def preview(me: Browser, app, **said: str):
    query = "&".join(f"{name}={value}" for name, value in said.items())
    answer = me.read(f"/api/apps/{app['id']}/preview?{query}")
    return answer["url"]


def test_roles_see_their_pages(me: Browser):
    app = me.made()
    assert app["roles"] == ["anyone", "client", "groomer", "admin"]
    stranger = me.get(preview(me, app)).text
    assert "Dogs, clean and happy" in stranger
    assert "Rex" in stranger
    assert me.get(preview(me, app) + "day", follow_redirects=False).status_code in (302, 303, 403)
    groomer = me.get(preview(me, app, role="groomer") + "day")
    assert groomer.status_code == 200
    assert me.get(preview(me, app, role="client") + "day").status_code == 403
    assert me.get(f"/api/apps/{app['id']}/preview?role=king").status_code == 422


def test_a_page_without_seed_shows_samples(me: Browser):
    app = me.made()
    page = me.get(preview(me, app, role="groomer") + "day").text
    assert "Requested" in page or "Confirmed" in page
    assert "Rex" in page


def test_blocks_say_which_they_are_in_previews_only(me: Browser):
    app = me.made()
    page = me.get(preview(me, app)).text
    assert 'data-block="Home:0"' in page
    assert 'data-block="Home:1"' in page
    assert "/~studio/preview.js" in page
    assert me.get(f"{APPS}/~studio/preview.js").headers["content-type"].startswith("text/javascript")
    address = me.ok(f"/api/apps/{app['id']}/publish")["address"]
    page = me.get(address).text
    assert "Dogs, clean and happy" in page
    assert "data-block" not in page
    assert "preview.js" not in page


def test_a_preview_of_an_older_version_shows_it(me: Browser):
    app = me.made()
    me.ok(f"/api/apps/{app['id']}/apply", {"patch": "pages: {Home: [{hero: Cats, text: x}]}\n", "base": app["head"]})
    assert "Cats" in me.get(preview(me, app)).text
    assert "Dogs, clean" in me.get(preview(me, app, version=str(app["head"]))).text


def test_publish_serve_and_take_away(me: Browser):
    app = me.made()
    id = app["id"]
    assert me.get(f"{APPS}/dog-salon/").status_code == 404
    said = me.ok(f"/api/apps/{id}/publish", {"slug": "dog-salon"})
    assert said["address"] == f"{APPS}/dog-salon/"
    assert me.get(f"{APPS}/dog-salon").status_code == 308
    assert "Dogs, clean and happy" in me.get(said["address"]).text
    changed = me.ok(f"/api/apps/{id}/apply", {"patch": "pages: {Home: [{hero: Cats, text: x}]}\n", "base": app["head"]})
    assert changed["behind"]
    assert "Cats" not in me.get(said["address"]).text
    me.ok(f"/api/apps/{id}/publish")
    assert "Cats" in me.get(said["address"]).text
    me.ok(f"/api/apps/{id}/unpublish")
    gone = me.get(said["address"])
    assert gone.status_code == 404
    assert "not published" in gone.text


def test_addresses_are_plain_and_taken_once(me: Browser):
    app, other = me.made(), me.made()
    for wrong in ("Two Words", "-a", "preview", "a" * 64, "../x", "~x"):
        assert me.send(f"/api/apps/{app['id']}/publish", {"slug": wrong}).status_code == 422, wrong
    me.ok(f"/api/apps/{app['id']}/publish", {"slug": "dogs"})
    taken = me.send(f"/api/apps/{other['id']}/publish", {"slug": "dogs"})
    assert taken.status_code == 422
    assert "taken" in taken.json()["error"]


def test_the_data_of_a_published_app_follows_renames_and_is_never_lost(me: Browser, running: Running):
    app = me.made()
    id = app["id"]
    address = me.ok(f"/api/apps/{id}/publish")["address"]
    hosted = running.studio.hosting.app(id)
    dogs = hosted.database.tables["Dog"]
    with hosted.database.write() as connection:
        connection.execute(dogs.update().values(breed="Spotted"))
    patch = "rename: {Dog.breed: kind}\ndata:\n  Dog: {birthday: date}\n"
    said = me.ok(f"/api/apps/{id}/propose", {"patch": patch, "base": app["head"]})
    assert said["effect"]["kept"]
    assert any("kind" in note for note in said["effect"]["notes"])
    renamed = me.ok(f"/api/apps/{id}/apply", {"patch": patch, "base": app["head"]})
    me.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: navy}\n", "base": renamed["head"]})
    assert me.ok(f"/api/apps/{id}/publish")["notes"]
    assert "Spotted" in me.get(address).text


def test_what_would_lose_values_is_refused_and_the_app_stays_up(me: Browser, running: Running):
    app = me.made()
    id = app["id"]
    address = me.ok(f"/api/apps/{id}/publish")["address"]
    me.get(address)
    text = SALON.replace("breed: text", "breed: int").replace("| Collie", "| 1").replace("| Poodle", "| 2")
    bad = me.ok(f"/api/apps/{id}/apply", {"text": text, "base": app["head"]})
    answer = me.send(f"/api/apps/{id}/publish")
    assert answer.status_code == 409
    assert "Collie" in answer.json()["error"]
    assert "Collie" in me.get(address).text
    assert me.read(f"/api/apps/{id}")["behind"]
    assert bad["head"] == 3


def test_a_preview_of_real_data_is_a_copy(me: Browser, running: Running):
    app = me.made()
    id = app["id"]
    me.ok(f"/api/apps/{id}/publish")
    hosted = running.studio.hosting.app(id)
    with hosted.database.write() as connection:
        connection.execute(hosted.database.tables["Dog"].update().values(name="Wotan"))
    real = me.get(preview(me, app, data="real")).text
    assert "Wotan" in real
    assert "Wotan" not in me.get(preview(me, app)).text
    opened = running.studio.hosting.previews
    copies = [one.app for one in opened._open.values() if one.folder]
    with copies[0].database.write() as connection:
        connection.execute(copies[0].database.tables["Dog"].delete())
    with hosted.database.read() as connection:
        assert connection.execute(hosted.database.tables["Dog"].select()).first() is not None


def test_delete_and_bring_back(me: Browser):
    app = me.made()
    id = app["id"]
    address = me.ok(f"/api/apps/{id}/publish")["address"]
    me.get(address)
    frame = preview(me, app)
    me.ok(f"/api/apps/{id}/delete")
    assert me.get(address).status_code == 404
    assert "Dogs, clean" not in me.get(frame).text
    assert me.get(f"/api/apps/{id}").status_code == 404
    assert [one["id"] for one in me.read("/api/apps")["deleted"]] == [id]
    me.ok(f"/api/apps/{id}/undelete")
    assert "Rex" in me.get(address).text


def test_duplicate_with_data(me: Browser, running: Running):
    app = me.made()
    id = app["id"]
    me.ok(f"/api/apps/{id}/publish")
    hosted = running.studio.hosting.app(id)
    with hosted.database.write() as connection:
        connection.execute(hosted.database.tables["Dog"].update().values(name="Wotan"))
    twin = me.ok(f"/api/apps/{id}/duplicate", {"data": True})
    assert "Wotan" in me.get(me.ok(f"/api/apps/{twin['id']}/publish")["address"]).text
    bare = me.ok(f"/api/apps/{id}/duplicate", {})
    assert "Wotan" not in me.get(me.ok(f"/api/apps/{bare['id']}/publish")["address"]).text


def test_the_export_is_the_whole_app(me: Browser, tmp_path):
    from espalier.blueprint.reader import read
    from espalier.runtime.app import App

    app = me.made()
    me.ok(f"/api/apps/{app['id']}/publish")
    answer = me.get(f"/api/apps/{app['id']}/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "dog-salon"
    assert "Rex" in (folder / "csv" / "Dog.csv").read_text("utf-8-sig")
    assert "espalier serve dog-salon.yaml" in (folder / "README.md").read_text()
    taken = App(read((folder / "dog-salon.yaml").read_text()), folder / "data" / "dog-salon", "dog-salon")
    with taken.database.read() as connection:
        assert len(connection.execute(taken.database.tables["Dog"].select()).all()) == 2
    taken.close()


def test_use_is_counted_and_comes_back_to_the_build(me: Browser, running: Running):
    app = me.made()
    address = me.ok(f"/api/apps/{app['id']}/publish")["address"]
    for _ in range(3):
        me.get(address)
    running.studio.hosting.tick()
    assert me.read(f"/api/apps/{app['id']}")["used"][0]["visits"] == 3


def test_the_owner_enters_the_published_app_as_its_admin(me: Browser):
    app = me.made()
    assert me.send(f"/api/apps/{app['id']}/enter").status_code == 422
    me.ok(f"/api/apps/{app['id']}/publish", {"slug": "dogs"})
    assert me.ok(f"/api/apps/{app['id']}/enter")["url"].startswith(f"{APPS}/dogs/welcome/")


def test_each_app_may_have_a_host_name_of_its_own(start: Callable[..., Running]):
    running = start(apps_url="https://*.apps.example.com")
    me = running.browser()
    app = me.made()
    assert me.ok(f"/api/apps/{app['id']}/publish", {"slug": "dogs"})["address"] == "https://dogs.apps.example.com/"
    page = me.get("https://dogs.apps.example.com/")
    assert "Dogs, clean and happy" in page.text
    assert 'href="/theme.css' in page.text
    assert me.get("https://cats.apps.example.com/").status_code == 404
    frame = preview(me, app)
    assert frame.startswith("https://preview.apps.example.com/~")
    assert "Dogs, clean and happy" in me.get(frame).text
    policy = me.get("/").headers["content-security-policy"]
    assert "frame-src https://preview.apps.example.com https://*.apps.example.com" in policy


def test_addresses_are_as_people_reach_the_studio(start: Callable[..., Running]):
    from espalier.studio import accounts

    running = start(host="0.0.0.0")
    one = running.browser("http://192.168.1.5:8000")
    secret = accounts.welcome(running.studio)
    one.form(f"/welcome/{secret}", name="Mara", email="mara@example.com", password="a good long password")
    app = one.made()
    frame = preview(one, app)
    assert frame.startswith("http://192.168.1.5:8001/~")
    assert "frame-src http://192.168.1.5:8001;" in one.get("/").headers["content-security-policy"]
    shown = one.get(frame)
    assert "Dogs, clean and happy" in shown.text
    assert "http://192.168.1.5:8000" in shown.headers["content-security-policy"]
    link = one.ok(f"/api/apps/{app['id']}/share", {})["link"]
    assert link.startswith("http://192.168.1.5:8000/invite/")
