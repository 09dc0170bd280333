"""Several apps on one address, reloading, ports."""

from __future__ import annotations

import socket

import pytest
from starlette.testclient import TestClient

from espalier.config import Settings
from espalier.runtime.people import welcome
from espalier.runtime.server import CannotServe, Site, Tells, blueprints_in, last_address, listen

BLUEPRINT = """
app: {name}
data:
  Book:
    title: text!
pages:
  Home:
    - hero: Borrow from next door
  Shelf:
    - text: All books
"""


class Told:
    """What the person at the terminal is told."""

    def __init__(self) -> None:
        self.broken: list = []
        self.reloaded: list = []
        self.started: list = []

    @property
    def tells(self) -> Tells:
        return Tells(
            broken=lambda file, problems: self.broken.append((file.name, [str(one) for one in problems])),
            reloaded=lambda file: self.reloaded.append(file.name),
            started=lambda app: self.started.append(app.name),
        )


@pytest.fixture
def told():
    return Told()


def write(folder, name, title=None, text=BLUEPRINT):
    file = folder / name
    file.write_text(text.replace("{name}", title or name.partition(".")[0].title()))
    return file


@pytest.fixture
def serving(tmp_path, told):
    """Makes a site of files, and closes it."""
    sites = []

    def make(*files, **more):
        site = Site(files, Settings(data=tmp_path / "data"), base_url="http://localhost:8000", tells=told.tells, **more)
        sites.append(site)
        return site, TestClient(site, base_url="http://localhost:8000", follow_redirects=False)

    yield make
    for site in sites:
        site.close()


def test_one_app_is_at_the_address_itself(tmp_path, serving, told):
    _, client = serving(write(tmp_path, "library.yaml"))
    assert told.started == []
    assert "Library" in client.get("/").text
    assert told.started == ["library"]
    assert client.get("/shelf").status_code == 200
    assert (tmp_path / "data" / "library" / "data.db").exists()


def test_several_apps_each_have_their_name(tmp_path, serving, told):
    _, client = serving(write(tmp_path, "library.yaml"), write(tmp_path, "bakery.yaml"))
    index = client.get("/")
    assert 'href="/library/"' in index.text
    assert 'href="/bakery/"' in index.text
    assert "unsafe" not in index.headers["content-security-policy"]
    assert told.started == []
    assert client.get("/library").headers["location"] == "/library/"
    assert 'href="/library/shelf"' in client.get("/library/").text
    assert client.get("/library/shelf").status_code == 200
    assert told.started == ["library"]
    assert client.get("/nothing").status_code == 404
    assert client.get("/nothing/shelf").status_code == 404
    assert client.post("/").status_code == 405
    assert client.get("/healthz").text == "ok"
    stylesheet = next(part for part in index.text.split('"') if part.startswith("/static/") and ".css" in part)
    assert client.get(stylesheet).status_code == 200


def test_apps_do_not_share_sessions(tmp_path, serving):
    site, client = serving(write(tmp_path, "library.yaml"), write(tmp_path, "bakery.yaml"))
    library = site.hosted["library"].app()
    link = welcome.setup_link(library)
    assert link.startswith("http://localhost:8000/library/welcome/")
    page = client.get(link).text
    token = page.partition('name="csrf" value="')[2][:64]
    form = {"csrf": token, "name": "Olga", "email": "olga@example.com", "password": "a long walk home"}
    assert client.post(link, data=form).status_code == 303
    assert client.get("/library/admin").status_code == 200
    assert client.get("/bakery/admin").status_code == 303
    there = client.cookies.get("espalier_library_session")
    client.cookies.set("espalier_bakery_session", there, path="/bakery")
    assert client.get("/bakery/admin").status_code == 303


def test_names_do_not_collide(tmp_path, serving):
    (tmp_path / "more").mkdir()
    files = [write(tmp_path, "library.yaml"), write(tmp_path / "more", "library.yml"), write(tmp_path, "static.yaml")]
    site, _ = serving(*files)
    assert list(site.hosted) == ["library", "library-2", "static-2"]


def test_edit_counts_at_once(tmp_path, serving, told):
    file = write(tmp_path, "library.yaml")
    site, client = serving(file)
    client.get("/")
    write(tmp_path, "library.yaml", "Reading Room")
    site.hosted["library"].reload()
    assert "Reading Room" in client.get("/").text
    assert told.reloaded == ["library.yaml"]
    assert told.started == ["library"]
    site.hosted["library"].reload()
    assert told.reloaded == ["library.yaml"]


def test_broken_edit_keeps_the_old_running(tmp_path, serving, told):
    file = write(tmp_path, "library.yaml")
    site, client = serving(file)
    app = site.hosted["library"].app()
    file.write_text("app: Reading Room\npages: {Home: [{table: Nothing}]}\n")
    site.hosted["library"].reload()
    [(name, problems)] = told.broken
    assert name == "library.yaml"
    assert "Nothing" in problems[0]
    assert client.get("/").status_code == 200
    assert "Reading Room" not in client.get("/").text
    assert app.problems == problems
    assert "Nothing" not in client.get("/").text
    file.unlink()
    site.hosted["library"].reload()
    assert client.get("/").status_code == 200
    write(tmp_path, "library.yaml")
    site.hosted["library"].reload()
    assert app.problems == []


def test_broken_edit_is_told_to_the_admin(tmp_path, serving):
    file = write(tmp_path, "library.yaml")
    site, client = serving(file)
    link = welcome.setup_link(site.hosted["library"].app())
    token = client.get(link).text.partition('name="csrf" value="')[2][:64]
    client.post(link, data={"csrf": token, "name": "Olga", "email": "olga@example.com", "password": "a long walk home"})
    file.write_text("app: Reading Room\npages: {Home: [{table: Nothing}]}\n")
    site.hosted["library"].reload()
    assert "could not be used" in client.get("/").text
    assert "Nothing" in client.get("/admin").text


def test_app_that_is_broken_from_the_start(tmp_path, serving, told):
    file = write(tmp_path, "library.yaml", text="app: Library\n")
    _, client = serving(file)
    response = client.get("/")
    assert response.status_code == 503
    assert "blueprint has faults" in response.text
    assert told.broken
    write(tmp_path, "library.yaml")
    assert client.get("/").status_code == 200


def test_broken_app_is_marked_in_the_list(tmp_path, serving):
    _, client = serving(write(tmp_path, "library.yaml"), write(tmp_path, "bakery.yaml", text="nonsense"))
    index = client.get("/").text
    assert "Has faults" in index
    assert "/bakery/" not in index
    assert client.get("/bakery/").status_code == 503


def test_two_servers_on_one_folder(tmp_path, told):
    file = write(tmp_path, "library.yaml")
    settings = Settings(data=tmp_path / "data")
    one, two = Site([file], settings, tells=told.tells), Site([file], settings, tells=told.tells)
    first, second = (TestClient(site, base_url="http://localhost:8000") for site in (one, two))
    assert first.get("/").status_code == second.get("/").status_code == 200
    key = (tmp_path / "data" / "library" / "secret.key").read_text()
    assert len(key) == 64
    one.close()
    two.close()


def test_second_server_follows_the_first(tmp_path, told):
    """One server takes up a blueprint with other data; the other one notices, and takes it up too."""
    file = write(tmp_path, "library.yaml")
    settings = Settings(data=tmp_path / "data")
    one, two = (Site([file], settings, base_url="http://localhost:8000", tells=told.tells) for _ in range(2))
    first, second = (TestClient(site, base_url="http://localhost:8000") for site in (one, two))
    first.get("/")
    second.get("/")
    write(tmp_path, "library.yaml", "Reading Room", BLUEPRINT.replace("title: text!", "title: text!\n    pages: int"))
    one.hosted["library"].reload()
    assert "Reading Room" in first.get("/").text
    link = welcome.setup_link(one.hosted["library"].app())
    token = second.get(link).text.partition('name="csrf" value="')[2][:64]
    form = {"csrf": token, "name": "Olga", "email": "olga@example.com", "password": "a long walk home"}
    refused = second.post(link, data=form)
    assert refused.status_code == 503
    assert "changed just now" in refused.text
    assert second.post(link, data=form).status_code == 200
    assert "Reading Room" in second.get("/").text
    one.close()
    two.close()


def test_key_is_kept_and_private(tmp_path, serving):
    site, client = serving(write(tmp_path, "library.yaml"))
    client.get("/")
    key = tmp_path / "data" / "library" / "secret.key"
    before = key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in key.parent.iterdir() if file.name.startswith(".secret")] == []
    site.close()
    _, client = serving(tmp_path / "library.yaml")
    client.get("/")
    assert key.read_text() == before
    assert last_address(key.parent) == ("http://localhost:8000", "")


def test_what_paths_mean(tmp_path):
    (tmp_path / "empty").mkdir()
    library, bakery = write(tmp_path, "library.yaml"), write(tmp_path, "bakery.yml")
    (tmp_path / "notes.txt").write_text("no blueprint")
    assert blueprints_in([tmp_path]) == [bakery, library]
    assert blueprints_in([library, tmp_path]) == [library, bakery]
    for path, words in ((tmp_path / "empty", "no blueprint"), (tmp_path / "nothing.yaml", "does not exist")):
        with pytest.raises(CannotServe, match=words):
            blueprints_in([path])


def test_taken_port_gives_way_to_the_next():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found, as_asked = listen("127.0.0.1", port)
        with found:
            assert not as_asked
            assert found.getsockname()[1] > port
    found, as_asked = listen("127.0.0.1", 0)
    with found:
        assert as_asked
    with pytest.raises(CannotServe, match="Cannot listen"):
        listen("203.0.113.1", 0)
