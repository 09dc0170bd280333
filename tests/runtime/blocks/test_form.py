"""Forms: every kind of field, what does not fit, presets, parts, references, people without an account."""

import re

import pytest

from espalier.blueprint.fields import TYPES
from espalier.runtime.forms import RecordForm
from espalier.runtime.visit import Visit
from tests.runtime.using import User

GOOD = {
    "name": "Emiliani", "maker": "2", "state": "Ready", "price": "1,250.50", "year": "1703", "weight": "455.5", "polish": "80",
    "sound": "4", "fragile": "true", "tags": "old, loud", "moods": ["Warm", "Dark"], "made": "2026-01-31", "seen": "2026-01-31T14:30",
    "opens": "09:15", "mail": "A@Example.com", "tel": "555 0100", "page": "example.com/x", "colour": "#aa5500", "place": "1 Elm St",
    "about": "Two\n\nparagraphs", "facts": '{"strings": 4}', "helpers": ["1", "2"], "secret": "x",
}  # fmt: skip
KINDS = {"name": "text", "price": "money", "year": "int", "weight": "number", "polish": "percent", "sound": "rating", "made": "date",
         "seen": "datetime", "opens": "time", "mail": "email", "tel": "phone", "page": "url", "colour": "color", "facts": "json",
         "state": "choice", "maker": "reference", "tags": "tags", "about": "long", "place": "location"}  # fmt: skip


def test_every_kind_of_field_is_saved_and_comes_back(luthier):
    luthier.get("/bench").fill("name", **GOOD)
    assert luthier.status == 200 and "It is saved" in luthier.text, re.findall(
        r'role="alert".*?</div>', luthier.text, re.DOTALL
    )
    found = next(one for one in luthier.records.query("Violin", search="Emiliani"))
    assert str(found["price"]) == "1250.50" and found["fragile"] is True and found["moods"] == ["Warm", "Dark"]
    assert found["tags"] == ["old", "loud"] and [one.title for one in found["helpers"]] == ["Amati", "Guarneri"]
    assert found["mail"] == "a@example.com" and found["facts"] == {"strings": 4} and found["number"] == "V-005"
    # Its edit page holds the same values: sending it unchanged changes nothing.
    before = dict(found)
    luthier.get(f"/violin/{found.id}/edit").fill("name")
    after = dict(luthier.records.get("Violin", found.id))
    assert {key: value for key, value in after.items() if before[key] != value} == {}
    shown = luthier.get(f"/violin/{found.id}").text
    for words in (
        "€1,250.50",
        "€2,501.00",
        "455.5 g",
        "80 %",
        "Two</p>",
        "31 January 2026",
        "14:30",
        "09:15",
        "tel:5550100",
        "example.com/x",
    ):
        assert words in shown, words


@pytest.mark.parametrize("name", KINDS)
def test_what_does_not_fit_is_said_at_its_field_and_kept(luthier, name):
    field = luthier.app.blueprint.entities["Violin"].fields[name]
    for wrong in TYPES[KINDS[name]].wrong(field):
        luthier.get("/bench").fill("name", **{**GOOD, name: wrong})
        assert luthier.status == 422, wrong
        assert luthier.records.count("Violin", search="Emiliani") == 0
        form = luthier.form("name")
        assert f'href="#b0-{name}"' in luthier.text, "the list of slips leads to the field"
        assert "field-error" in luthier.text
        if KINDS[name] not in ("choice", "reference", "rating"):
            assert (
                form.values[name] == [wrong.replace("\r", "")]
                or len(wrong) > 300
                or KINDS[name] in ("color", "datetime")
            ), (wrong, form.values[name])
        # Everything else stays as it was typed in.
        if name != "about":
            assert form.values["about"] == ["Two\n\nparagraphs"]


def test_what_is_needed_is_asked_for(luthier):
    luthier.get("/bench").fill("name")
    assert luthier.status == 422 and "This is needed." in luthier.text


def test_a_rule_of_the_data_is_said(luthier):
    luthier.get("/bench").fill("name", name="Feather", weight="20")
    assert luthier.status == 422 and "Old wood is heavy" in luthier.text


def test_an_input_is_looked_at_before_the_form_is_sent(luthier, stranger):
    luthier.post("/violin/check/year", {"year": "1400"}, HX_Request="true")
    assert "must be 1500 or more" in luthier.text and "<html" not in luthier.text
    luthier.post("/violin/check/year", {"year": "1600"}, HX_Request="true")
    assert luthier.text.strip() == ""
    # A field that somebody may not set says nothing.
    stranger.post("/violin/check/secret", {"secret": "x" * 500})
    assert stranger.text.strip() == ""


def test_strangers_send_a_form_and_are_thanked(stranger, luthier):
    stranger.get("/wishes").fill("email", name="Tom", email="tom@example.com")
    assert "We will write to you." in stranger.text and "Send another one" in stranger.text
    wish = next(iter(luthier.records.query("Wish")))
    assert wish["name"] == "Tom" and wish["owner"] is None
    assert "Tom" not in stranger.get("/wishes").text


def test_a_program_that_fills_in_everything_is_ignored(stranger, luthier):
    stranger.get("/wishes").fill("email", name="Bot", email="bot@example.com", **{"contact-me-by": "phone"})
    assert "We will write to you." in stranger.text
    assert luthier.records.count("Wish") == 0


def test_strangers_are_slowed_down(stranger, luthier):
    statuses = []
    for number in range(25):
        stranger.get("/wishes").fill("email", name=f"W{number}", email="w@example.com")
        statuses.append(stranger.status)
    assert 429 in statuses or "Wait" in stranger.text
    assert luthier.records.count("Wish") < 25


def test_a_forged_field_is_not_taken(stranger, luthier, player):
    stranger.get("/wishes").fill(
        "email", name="Tom", email="tom@example.com", violin="1", id="77", owner="1", created="2020-01-01"
    )
    wish = next(iter(luthier.records.query("Wish")))
    assert wish["violin"] is None and wish["owner"] is None and wish.id != 77
    # A form that is not for them is not taken either, nor one that does not exist.
    player.post("/bench", {"block": "0", "name": "Forged"})
    assert player.status == 403
    stranger.post("/wishes", {"block": "3", "name": "x"})
    assert stranger.status == 404
    assert luthier.records.count("Violin") == 4


def test_the_form_of_a_records_page_ties_and_presets(luthier):
    luthier.get("/maker/2").fill("name", name="Kochanski", maker="1")
    made = next(one for one in luthier.records.query("Violin", search="Kochanski"))
    assert made["maker"].id == 2 and made["state"] == "Ready" and made["secret"] == "from the page"
    assert "maker" not in luthier.get("/maker/2").form("name").names


def test_a_record_with_its_parts(luthier):
    luthier.get("/violin/new").fill(
        "name", **{"name": "Lady", "Repair.0.what": "New bridge", "Repair.0.hours": "2.5", "Repair.2.what": "Pegs"}
    )
    made = next(one for one in luthier.records.query("Violin", search="Lady"))
    repairs = luthier.records.query("Repair", filters={"violin": [str(made.id)]})
    assert {one["what"] for one in repairs} == {"New bridge", "Pegs"}
    # One is changed, one taken away, one added; all in the form of the violin.
    luthier.get(f"/violin/{made.id}/edit")
    form = luthier.form("name")
    at = {form.values[f"Repair.{n}.what"][0]: n for n in (0, 1)}
    luthier.fill(
        "name",
        **{f"Repair.{at['Pegs']}.gone": "true", f"Repair.{at['New bridge']}.hours": "3", "Repair.4.what": "Varnish"},
    )
    repairs = luthier.records.query("Repair", filters={"violin": [str(made.id)]})
    assert {(one["what"], one["hours"]) for one in repairs} == {("New bridge", 3.0), ("Varnish", None)}


def test_a_part_that_does_not_fit_stops_the_whole(luthier):
    luthier.get("/violin/new").fill("name", **{"name": "Lady", "Repair.0.what": "Bridge", "Repair.0.hours": "long"})
    assert luthier.status == 422 and "must be a number" in luthier.text
    assert luthier.records.count("Violin", search="Lady") == 0 and luthier.records.count("Repair") == 0


def test_one_more_row_and_who_may_ask_for_it(luthier, stranger):
    assert "Repair." in luthier.get("/repair/line").text and "<html" not in luthier.text
    assert stranger.get("/repair/line", follow=False).status == 404
    assert luthier.get("/maker/line").status == 404


def test_references_are_searched_when_there_are_many(luthier, player):
    for number in range(60):
        luthier.records.create("Maker", {"name": f"Maker {number:02}"})
    page = luthier.get("/bench").text
    assert 'data-url="/violin/options/maker"' in page
    luthier.get("/violin/options/maker?q=Maker 41")
    assert re.fullmatch(r'\[\[\d+,"Maker 41"\]\]', luthier.text)
    assert player.get("/violin/options/maker?q=Maker").status == 404
    # Without scripts the name is enough.
    luthier.get("/bench").fill("name", name="Searched", maker="", **{"maker-search": "maker 41"})
    assert next(one for one in luthier.records.query("Violin", search="Searched"))["maker"].title == "Maker 41"


@pytest.mark.parametrize("forged", ["999", "-1", "0", "1e3", "99999999999999999999", "1 OR 1=1", "٣"])
def test_forged_references(luthier, forged):
    luthier.get("/bench").fill("name", name="Forged", maker=forged)
    assert luthier.status == 422 and luthier.records.count("Violin", search="Forged") == 0


def test_a_choice_that_does_not_exist(luthier):
    luthier.get("/bench").fill("name", name="Forged", moods=["Warm", "<script>"])
    assert luthier.status == 422 and "<script>" not in luthier.text.split("<main")[1].split("</main")[0]


def test_a_new_target_in_a_dialog(luthier):
    assert "New maker" in luthier.get("/bench").text
    luthier.get("/maker/new?for=Violin.maker&box=b0-maker", HX_Request="true")
    assert "<html" not in luthier.text and "dialog-head" in luthier.text
    sheet = luthier.form("name")
    luthier.post(sheet.action, {"name": "Stainer"}, HX_Request="true")
    assert 'hx-swap-oob="true"' in luthier.text and re.search(r'<option value="3" selected>Stainer', luthier.text)


def test_a_form_asks_for_nothing_that_may_not_be_set(app, player, luthier):
    form = RecordForm(Visit(app, visitor=player.visitor), "Order")
    assert form.names == ["name", "violin"]
    assert "secret" in RecordForm(Visit(app, visitor=luthier.visitor), "Violin").names


def test_who_may_not_send_sees_no_form(app, stranger):
    stranger.get("/bench", follow=False)
    assert stranger.status == 303
    assert User(app).get("/maker/1").text.count('name="to-block"') == 0


def test_fields_may_be_called_like_the_forms_own_words():
    from tests.runtime.using import make, person

    app = make(
        "app: A\ndata:\n  Step: {name: text!, next: text, block: text, box: text, key: text, page: text, done: bool}\n"
        "access:\n  Step: {read: user, write: user}\npages:\n  Home:\n    - form: Step\n    - table: Step\n"
    )
    user = User(app, person(app, "Ann"))
    user.get("/").fill("block", name="One", next="two", block="7", box="b", key="k", page="p", done="true")
    assert user.status == 200 and "It is saved" in user.text
    user.get("/step/1/edit").fill("block", next="three")
    assert user.url == "/step/1" and user.records.get("Step", 1)["next"] == "three"
    assert (
        dict(user.records.get("Step", 1)).items()
        >= {"block": "7", "box": "b", "key": "k", "page": "p", "done": True}.items()
    )
    app.close()


def test_one_field_that_is_sent_alone_leaves_the_others(luthier):
    luthier.records.update("Violin", 1, {"fragile": "yes", "moods": ["Warm"], "helpers": [1]})
    luthier.post("/violin/1/edit", {"state": "Sold"})
    found = luthier.records.get("Violin", 1)
    assert (
        found["state"] == "Sold"
        and found["fragile"] is True
        and found["moods"] == ["Warm"]
        and len(found["helpers"]) == 1
    )
    # In the form itself a tick that is taken away is taken away.
    luthier.get("/violin/1/edit").fill("name", fragile=[], moods=[], helpers=[])
    found = luthier.records.get("Violin", 1)
    assert found["fragile"] is False and not found["moods"] and not found["helpers"]
