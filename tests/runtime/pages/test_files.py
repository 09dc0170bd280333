"""Uploads: what comes in is what it says inside, and goes out only to those who may read the record that holds it."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from espalier.config import Settings
from espalier.runtime import files
from espalier.runtime.storage import system
from espalier.runtime.visit import Upload
from tests.runtime.using import NOW, User, make, person

from ..blocks.world import SHOP


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def upload(luthier, content: bytes, name: str = "a.png", field: str = "photo", **values) -> str:
    """Send a violin with a file; the name under which it is kept, or "" when it was refused."""
    luthier.get("/bench").fill("name", **{"name": "With file", field: Upload.of(name, content), **values})
    found = list(luthier.records.query("Violin", search="file"))
    if not found:
        return ""
    value = found[-1][field]
    return value[-1] if isinstance(value, list) else value or ""


def test_a_picture_comes_in_and_goes_out(luthier, stranger):
    name = upload(luthier, picture("JPEG"), "my dog.jpg")
    assert name.endswith(".jpg") and "dog" not in name
    stranger.get(f"/files/{name}")
    assert stranger.status == 200 and stranger.headers["content-type"] == "image/jpeg"
    assert (
        stranger.headers["x-content-type-options"] == "nosniff"
        and "sandbox" in stranger.headers["content-security-policy"]
    )
    stranger.get(f"/files/{name}?w=96")
    assert Image.open(io.BytesIO(stranger.body)).size == (96, 96)
    for wrong in ("w=97", "w=-1", "w=x", "w=99999999"):
        assert Image.open(io.BytesIO(stranger.get(f"/files/{name}?{wrong}").body)).size == (40, 30)
    assert f"/files/{name}" in stranger.get("/violin/5").text


def test_what_a_camera_adds_is_gone(luthier, stranger):
    exif = Image.Exif()
    exif[0x010E] = "At home, 51.5 N"
    name = upload(luthier, picture("JPEG", exif=exif) + b"<script>alert(1)</script>")
    stranger.get(f"/files/{name}")
    assert b"At home" not in stranger.body and b"<script>" not in stranger.body


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n" + b"<script>" * 50,
        b"GIF89a" + b"\0" * 10,
        b"",
        picture("PNG")[:60],
        picture("BMP"),
    ],
    ids=["svg", "html as png", "false start", "short gif", "empty", "cut off", "bmp"],
)
def test_what_is_no_picture_is_refused(luthier, content):
    assert upload(luthier, content) == ""
    if content:
        assert luthier.status == 422 and "not a picture" in luthier.text


def test_a_bomb_is_refused(luthier):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert upload(luthier, bomb.getvalue()) == "" and "too many pixels" in luthier.text


def test_a_large_picture_is_made_smaller(luthier, stranger):
    name = upload(luthier, picture("JPEG", (3000, 1500)))
    assert max(Image.open(io.BytesIO(stranger.get(f"/files/{name}").body)).size) == files.LARGEST_SIDE


@pytest.mark.parametrize(
    "content, name, kind, where",
    [
        (b"<html><script>alert(1)</script>", "page.html", "application/octet-stream", "attachment"),
        (b"<svg xmlns='x'><script/></svg>", "drawing.svg", "application/octet-stream", "attachment"),
        (b"%PDF-1.7 ...", "paper.pdf", "application/pdf", "inline"),
        (b"plain words", "../../etc/passwd", "application/octet-stream", "attachment"),
        (b"MZ\x90\0", 'a"b\r\nSet-Cookie: x=1.exe', "application/octet-stream", "attachment"),
        (picture("PNG"), "photo.html", "image/png", "inline"),
    ],
)
def test_other_files_are_served_as_what_they_are(luthier, stranger, content, name, kind, where):
    kept = upload(luthier, content, name, "papers")
    assert files.NAME.fullmatch(kept)
    stranger.get(f"/files/{kept}")
    said = stranger.headers["content-disposition"]
    assert stranger.headers["content-type"].partition(";")[0] == kind and said.startswith(where)
    assert ("\n" not in said and "/" not in said and ".html" not in said) or kind != "image/png"
    assert stranger.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../data.db", "..%2f..%2fdata.db", "secret.key", "a" * 32, "", "%00", "A" * 32 + ".png"]
)
def test_names_that_nobody_gave(luthier, name):
    assert luthier.get(f"/files/{name}").status in (400, 404, 308)


def test_only_those_who_may_read_the_record_get_the_file():
    app = make(
        "app: A\nroles: [boss, worker]\ndata:\n  Case: {name: text!, paper: file, face: image}\n"
        "access:\n  Case: {read: own or boss, create: user, update: own, delete: own, paper: boss}\n"
        "pages:\n  Home:\n    - form: Case\n"
    )
    boss, worker, other = (
        User(app, person(app, name, role)) for name, role in (("Bea", "boss"), ("Will", "worker"), ("Oz", "worker"))
    )
    boss.get("/").fill("name", name="One", paper=Upload.of("a.pdf", b"%PDF-1"), face=Upload.of("b.png", picture()))
    worker.get("/").fill("name", name="Two", face=Upload.of("b.png", picture()))
    case, own = boss.records.get("Case", 1), boss.records.get("Case", 2)
    assert boss.get(f"/files/{case['paper']}").status == 200
    for who in (worker, other, User(app)):
        assert who.get(f"/files/{case['paper']}").status == 404 and who.get(f"/files/{case['face']}").status == 404
    assert worker.get(f"/files/{own['face']}").status == 200 and boss.get(f"/files/{own['face']}").status == 200
    assert other.get(f"/files/{own['face']}").status == 404
    # Naming somebody else's file in an own record does not make it one's own.
    other.post("/", {"block": "0", "name": "Thief", "face-kept": own["face"]})
    assert other.status == 422 and other.records.count("Case") == 0
    # A file that was let go is given to nobody.
    worker.get("/case/2/edit").fill("name", **{"face-kept": ""})
    assert worker.records.get("Case", 2)["face"] is None
    assert worker.get(f"/files/{own['face']}").status == 404
    app.close()


def test_a_file_is_kept_while_something_else_is_mended(luthier):
    luthier.get("/bench").fill(
        "name",
        name="",
        year="1703",
        photo=Upload.of("a.png", picture()),
        papers=[Upload.of("b.pdf", b"%PDF-1"), Upload.of("c.pdf", b"%PDF-2")],
    )
    assert luthier.status == 422 and "Keep a.png" in luthier.text and "Keep c.pdf" in luthier.text
    luthier.fill("name", name="Mended")
    made = next(one for one in luthier.records.query("Violin", search="Mended"))
    assert made["photo"] and len(made["papers"]) == 2
    # An edit that says nothing of files leaves them; taking the tick away lets one go.
    luthier.get(f"/violin/{made.id}/edit").fill("name", year="1704")
    assert luthier.records.get("Violin", made.id)["photo"] == made["photo"]
    luthier.get(f"/violin/{made.id}/edit").fill("name", **{"papers-kept": ["", made["papers"][1]]})
    assert luthier.records.get("Violin", made.id)["papers"] == [made["papers"][1]]
    luthier.get(f"/violin/{made.id}/edit").fill("name", photo=Upload.of("d.png", picture("PNG", (10, 10))))
    assert luthier.records.get("Violin", made.id)["photo"] not in ("", None, made["photo"])


def test_too_large(app):
    small = make(SHOP, settings=Settings(upload_limit=1000))
    luthier = User(small, person(small, "Lena", "luthier"))
    assert upload(luthier, b"x" * 1001, "a.txt", "papers") == ""
    assert luthier.status == 422 and "too large" in luthier.text
    small.close()


def test_what_no_record_holds_is_removed(tmp_path):
    moment = [NOW]
    from espalier.blueprint import read
    from espalier.runtime.app import App

    app = App(read(SHOP), tmp_path, clock=lambda: moment[0])
    luthier = User(app, person(app, "Lena", "luthier"))
    kept = upload(luthier, picture())
    luthier.get("/bench").fill("name", name="", photo=Upload.of("a.png", picture()))  # never saved
    folder = tmp_path / "files"
    assert len(list(folder.iterdir())) == 2 and (folder / kept).exists()
    luthier.get(f"/files/{kept}?w=96")
    moment[0] += timedelta(days=2)
    assert files.clean(app) == 1 and (folder / kept).exists()
    luthier.records.update("Violin", 5, {"photo": None})
    moment[0] += timedelta(days=40)
    assert files.clean(app) == 1 and list(folder.iterdir()) == []
    with app.database.read() as connection:
        assert connection.execute(system.file.select()).all() == []
    app.close()
