"""The table: order, search, filters, pages, editing in place, deeds on several rows; each table keeps its own state."""

import re

import pytest

from tests.runtime.using import User, make


def names(text: str) -> list[str]:
    """The violins in the first table, in order."""
    table = text.split("<tbody>")[1].split("</tbody>")[0]
    return re.findall(
        r"(Alard|Brookings|Carrodus|HYPERLINK)",
        re.sub(r"(aria-label|data-link)=\"[^\"]*\"|<summary.*?</summary>", "", table),
    )


def test_rows_columns_and_values(stranger):
    stranger.get("/")
    assert names(stranger.text) == ["HYPERLINK", "Alard", "Brookings", "Carrodus"]
    assert "€1,000.00" in stranger.text and "€4,250.50" in stranger.text  # a price, and the total
    assert 'href="/maker/1">Amati</a>' in stranger.text


def test_a_hidden_column_is_not_there(stranger, luthier):
    luthier.records.update("Violin", 1, {"secret": "stradi"})
    assert "stradi" in luthier.get("/").text
    assert "stradi" not in stranger.get("/").text and "Secret" not in stranger.text
    # Nor can it be filtered or sorted by.
    assert len(names(stranger.get("/?b0.secret=stradi").text)) == 4
    assert names(stranger.get("/?b0-sort=-secret").text) == names(stranger.get("/").text)


def test_the_total_is_of_what_was_asked_for(stranger, luthier):
    foot = stranger.get("/?b0.maker=1").text.split("<tfoot>")[1].split("</tfoot>")[0]
    assert "€1,250.50" in foot and "Total" in foot
    for number in range(30):
        luthier.records.create("Violin", {"name": f"Zz {number}", "price": "1", "maker": "1"})
    assert "€1,280.50" in stranger.get("/?b0.maker=1").text, "over all pages"


def test_heads_sort_and_turn(stranger):
    stranger.get("/?b0-sort=price")
    assert names(stranger.text) == ["Brookings", "Alard", "Carrodus", "HYPERLINK"]
    assert "b0-sort=-price" in stranger.text
    assert names(stranger.get("/?b0-sort=-price").text)[:3] == ["Carrodus", "Alard", "Brookings"]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("b0-q=brook", ["Brookings"]),
        ("b0.state=Ready", ["HYPERLINK", "Alard"]),
        ("b0.maker=2", ["HYPERLINK", "Carrodus"]),
        ("b0.price.from=200&b0.price.to=1000", ["Alard", "Brookings"]),
        ("b0.state=Ready&b0.maker=1", ["Alard"]),
        ("b0-sort=;drop&b0-page=zz", ["HYPERLINK", "Alard", "Brookings", "Carrodus"]),
        ("b0-page=99999999", ["HYPERLINK", "Alard", "Brookings", "Carrodus"]),
    ],
)
def test_looking(stranger, query, expected):
    assert stranger.get(f"/?{query}").status == 200
    assert names(stranger.text) == expected


@pytest.mark.parametrize(
    "query",
    ["b0.state=Nothing", "b0.price.from=abc", "b0.maker=999999999999999999999", "b0-q=xyzzy", "b0.made.from=never"],
)
def test_nothing_fits_is_said(stranger, query):
    stranger.get(f"/?{query}")
    assert stranger.status == 200 and "Nothing fits" in stranger.text
    assert "Show everything" in stranger.text


def test_tables_on_one_page_keep_apart(luthier, player):
    player.records.create("Order", {"name": "Alard please"})
    luthier.get("/?b1-q=please&b0.state=Sold")
    assert names(luthier.text) == ["Carrodus"] and "Alard please" in luthier.text
    # A form of filters carries the other table's state along.
    form = luthier.form("b0-q")
    assert form.values["b1-q"] == ["please"]


def test_pages(luthier):
    for number in range(30):
        luthier.records.create("Violin", {"name": f"Zz {number:02}"})
    luthier.get("/")
    assert "1 to 25 of 34" in luthier.text and "Zz 25" not in luthier.text
    luthier.get("/?b0-page=2")
    assert "26 to 34 of 34" in luthier.text and "Zz 29" in luthier.text
    assert "26 to 34" in luthier.get("/?b0-page=50").text


def test_a_cell_is_edited(luthier, player):
    luthier.get("/")
    cell = next(one for one in luthier.forms if one.values.get("field") == ["state"] and one.values["id"] == ["1"])
    luthier.post("/", {**cell.values, "value": "Sold"})
    assert luthier.status == 200
    assert luthier.records.get("Violin", 1)["state"] == "Sold"
    luthier.post("/", {"block": "0", "do": "edit", "id": "1", "field": "price", "value": "lots"})
    assert luthier.status == 422 and "must be an amount" in luthier.text
    # What is no column for editing, or nobody's record, or somebody without the right.
    for values in ({"field": "name"}, {"id": "77"}, {"id": "x"}, {"block": "7"}):
        luthier.post("/", {"block": "0", "do": "edit", "id": "1", "field": "state", "value": "Ready", **values})
        assert luthier.status in (404, 422)
    player.post("/", {"block": "0", "do": "edit", "id": "1", "field": "state", "value": "Ready"})
    assert player.status == 422
    assert luthier.records.get("Violin", 1)["state"] == "Sold"


def test_several_rows_at_once(luthier, player):
    luthier.get("/").fill("deed", ids=["1", "2"], deed="set:state:Sold")
    assert {luthier.records.get("Violin", id)["state"] for id in (1, 2)} == {"Sold"}
    # Deleting asks first.
    luthier.get("/").fill("deed", ids=["1", "2"], deed="delete")
    assert "Delete 2 violins?" in luthier.text and luthier.records.count("Violin") == 4
    luthier.fill("sure")
    assert luthier.records.count("Violin") == 2
    # An action on rows, one of which cannot take it: nothing happens.
    luthier.get("/").fill("deed", ids=["3", "4"], deed="act:make-ready")
    assert "Nothing was changed" in luthier.text
    player.post("/", {"block": "0", "do": "bulk", "ids": ["3"], "deed": "delete", "sure": "yes"})
    assert player.status == 422 and luthier.records.count("Violin") == 2
    assert "deed" not in {name for form in player.get("/").forms for name in form.names}


def test_a_deed_on_rows_somebody_cannot_see(player, luthier):
    order = luthier.records.create("Order", {"name": "Mine"}).id
    player.post("/", {"block": "1", "do": "bulk", "ids": [str(order)], "deed": "delete", "sure": "yes"})
    assert player.status == 422 and luthier.records.count("Order") == 1


def test_on_the_page_of_a_record_only_what_belongs_to_it(stranger):
    stranger.get("/maker/2")
    assert "Carrodus" in stranger.text and "Alard" not in stranger.text


def test_nobody_sends_without_a_token(luthier):
    luthier.post("/", {"block": "0", "do": "edit", "id": "1", "field": "state", "value": "Sold"}, csrf=False)
    assert luthier.status == 403 and luthier.records.get("Violin", 1)["state"] == "Ready"


def test_htmx_gets_the_table_again(luthier):
    luthier.post("/", {"block": "0", "do": "edit", "id": "1", "field": "state", "value": "Sold"}, HX_Request="true")
    assert luthier.status == 200 and 'id="violin"' in luthier.text


def test_a_head_over_boxes_to_tick_is_only_read_out(luthier):
    head = luthier.get("/").text.split("<thead>")[1].split("</thead>")[0]
    assert '<span class="visually-hidden">Choose</span>' in head and ">Choose</th>" not in head
    assert 'data-label="Choose"' not in luthier.text


def test_codes_and_names_stay_on_one_line_and_long_words_do_not():
    app = make(GIGS)
    page = User(app).get("/").text
    cells = {
        said: "cell-short" in way for way, said in re.findall(r'<div class="(cell[^"]*)">(?:<a[^>]*>)?([^<]*)', page)
    }
    assert cells["LU-01"] and cells["Bram Visser"] and cells["555 0142"]
    assert not cells["A long evening of stories, songs and the rest of it"]
    app.close()


def test_a_column_of_pictures_without_any_is_left_out():
    app = make(GIGS)
    assert ">Photo<" not in User(app).get("/").text
    with app.database.write() as connection:
        connection.execute(app.database.tables["Gig"].update().values(photo="a.png"))
    assert "Photo" in User(app).get("/").text.split("<thead>")[1].split("</thead>")[0]
    app.close()


GIGS = """
app: Gigs
theme: {primary: blue, background: white, style: friendly}
data:
  Act: {name: text!}
  Gig: {code: text!, photo: image, act: Act, phone: phone, words: text}
access:
  default: {read: anyone}
pages:
  Home:
    - table: Gig
      show: [photo, code, act, phone, words]
seed:
  Act:
    - {name: Bram Visser}
  Gig:
    - {code: LU-01, act: Bram Visser, phone: 555 0142, words: "A long evening of stories, songs and the rest of it"}
"""
