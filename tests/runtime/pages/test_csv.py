"""CSV: out what may be seen, in after a trial run, and the way back; formulas are never run."""

import csv
import io
from urllib.parse import quote

import pytest

from espalier.runtime.access import Visitor
from espalier.runtime.csv_files import guarded, unguarded
from espalier.runtime.visit import Upload
from tests.runtime.using import User, make


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_out_goes_what_the_table_shows(luthier, stranger):
    luthier.records.update("Violin", 1, {"secret": "wormwood"})
    found = rows(luthier.get("/violin/export.csv?page=home&block=0&b0.state=Ready&b0-sort=-price").text)
    assert found[0] == ["Name", "Maker", "State", "Price", "Made", "Sound", "Secret"]
    assert (
        [row[0] for row in found[1:]] == ["Alard", '\'=HYPERLINK("x")']
        and found[1][1] == "Amati"
        and found[1][6] == "wormwood"
    )
    found = rows(stranger.get("/violin/export.csv?page=home&block=0&b0.state=Ready").text)
    assert "Secret" not in found[0] and "wormwood" not in stranger.text
    assert stranger.headers["content-disposition"].startswith("attachment")
    link = next(part for part in stranger.get("/?b0.state=Sold").text.split('"') if "export.csv" in part).replace(
        "&amp;", "&"
    )
    assert [row[0] for row in rows(stranger.get(link).text)[1:]] == ["Carrodus"]


def test_out_goes_nothing_that_is_not_for_them(player, luthier, stranger):
    luthier.records.create("Order", {"name": "Hers"})
    assert "Hers" in luthier.get("/order/export.csv").text and "Hers" not in player.get("/order/export.csv").text
    assert stranger.get("/wish/export.csv", follow=False).status == 303
    assert player.get("/wish/export.csv").status == 403
    assert player.get("/violin/export.csv?page=bench&block=0").status == 404
    for query in (
        "page=nothing&block=0",
        "page=home&block=99",
        "page=home&block=x",
        "page=home&block=1",
        "page=each-maker&block=1&this=zz",
    ):
        assert player.get(f"/violin/export.csv?{query}").status == 404
    found = rows(player.get("/violin/export.csv?page=each-maker&block=1&this=1").text)
    assert {row[0] for row in found[1:]} == {"Alard", "Brookings"}


def test_a_file_is_called_like_its_entity_in_any_letters():
    shop = make(
        "app: 琴\ndata:\n  小提琴: {名字: text!}\naccess: {小提琴: {read: anyone}}\npages:\n  琴:\n    - table: 小提琴\n"
    )
    visitor = User(shop, Visitor())
    assert visitor.get("/小提琴/export.csv").status == 200
    assert visitor.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('小提琴')}.csv"
    shop.close()


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "-5", "-5.50", "+49 30 123", "plain", "'quoted", ""]
)
def test_formulas_are_made_harmless_and_taken_back(text):
    assert unguarded(guarded(text)) == text
    if (text and text[0] in "=@\t") or "cmd" in text:
        assert guarded(text).startswith("'")
    assert guarded("-5.50") == "-5.50"


def send(user, text: str):
    return user.get("/violin/import").post("/violin/import", {"file": Upload.of("violins.csv", text.encode())})


def test_a_trial_run_changes_nothing_and_says_what_would_happen(luthier):
    text = "name,maker,price,year,shelf\nOne,Amati,12.50,1700,A\nTwo,Nobody,1,1700,B\nThree,Amati,cheap,1300,C\n,Amati,1,1700,D\n"
    send(luthier, text)
    assert luthier.status == 200 and luthier.records.count("Violin") == 4
    assert "<strong>1 violin</strong> would be added" in luthier.text and "<strong>3</strong> left out" in luthier.text
    assert (
        "there is no “Nobody”" in luthier.text
        and "must be an amount" in luthier.text
        and "This is needed" in luthier.text
    )
    assert "Not used: shelf" in luthier.text
    luthier.fill("sure")
    assert luthier.status == 200 and "1 violin added." in luthier.text
    made = next(one for one in luthier.records.query("Violin", search="One"))
    assert made["maker"].title == "Amati" and str(made["price"]) == "12.50" and luthier.records.count("Violin") == 5
    # A trial run does not use up numbers of the count.
    assert made["number"] == "V-005"


def test_there_and_back_again(luthier):
    luthier.records.update(
        "Violin",
        1,
        {
            "tags": "old, loud",
            "moods": ["Warm", "Bright"],
            "about": 'Two\nlines; "quoted", =1',
            "seen": "2026-01-31 14:30",
            "fragile": "yes",
            "helpers": [1, 2],
            "tel": "+49 30 1234",
        },
    )
    luthier.records.update("Violin", 2, {"name": "-dash", "about": "'apostrophe"})
    text = luthier.get("/violin/export.csv").text
    before = [dict(one) for one in luthier.records.query("Violin", limit=10)]
    for one in list(luthier.records.query("Violin")):
        luthier.records.delete("Violin", one.id)
    send(luthier, text).fill("sure")
    after = [dict(one) for one in luthier.records.query("Violin", limit=10)]
    other = ("id", "created", "updated", "owner", "number", "likes")

    def said(records):
        return sorted(str({name: value for name, value in one.items() if name not in other}) for one in records)

    assert said(after) == said(before)


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "Choose a file"),
        ("name\n", "no rows"),
        ("a,b\n1,2\n", "None of the headings"),
        ("name\n" + "x\n" * 2001, "at most 2,000"),
        ("name\n" + "y" * 1_000_001, "too large"),
        ("name\0\nx\n", "not text"),
        ('name,maker\n"x,y\n' + "z" * 200_000, "cannot be read"),
    ],
)
def test_files_that_cannot_be_used(luthier, text, words):
    send(luthier, text)
    assert luthier.status == 422 and words in luthier.text
    assert luthier.records.count("Violin") == 4


def test_other_ways_to_write_it(luthier):
    send(luthier, "\ufeffName;Price\r\nSemi;1\r\n").fill("sure")
    assert luthier.records.count("Violin", search="Semi") == 1
    luthier.post("/violin/import", {"file": Upload.of("x.csv", "name\nM\xfcller\n".encode("cp1252")), "sure": "yes"})
    assert luthier.records.count("Violin", search="Müller") == 1
    luthier.post(
        "/violin/import",
        {"file": Upload.of("x.csv", b"name,owner,id,number,double\nForged,1,77,V-999,5\n"), "sure": "yes"},
    )
    made = next(one for one in luthier.records.query("Violin", search="Forged"))
    assert made.id != 77 and made["number"] != "V-999"


def test_a_player_cannot_fill_in_what_is_not_theirs(player):
    player.post("/order/import", {"file": Upload.of("x.csv", b"name,buyer\nMine,1\n"), "sure": "yes"})
    made = next(iter(player.records.query("Order")))
    assert made["buyer"].id == player.visitor.id
