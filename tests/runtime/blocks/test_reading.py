"""Lists, feeds, details, search: what stands in them, and that nothing does which the visitor may not read."""

import re

from espalier.runtime.markdown import safe_html
from tests.runtime.using import User, make


def test_a_list_says_title_facts_and_state(stranger):
    text = stranger.get("/talk").text
    row = text.split("block-list")[1]
    assert ">Alard</a>" in row and "Amati" in row and "€1,000.00" in row and "Ready" in row


def test_links_only_where_something_may_be_read(luthier, player, app):
    order = luthier.records.create("Order", {"name": "Secret order", "violin": "1"})
    assert f"/order/{order.id}" in luthier.get("/violin/1").text
    assert "Secret order" not in player.get("/violin/1").text
    assert player.get(f"/order/{order.id}").status == 404
    assert "Secret order" not in player.get("/?b2-q=Secret").text
    assert "Secret order" in luthier.get("/?b2-q=Secret").text


def test_search_groups_what_it_finds(stranger):
    text = stranger.get("/?b2-q=amati").text
    found = text.split('id="violin-and-maker')[0].split('aria-live="polite">')[1]
    assert "Makers" in found and ">Amati</a>" in found
    assert "Nothing found for “zzz”" in stranger.get("/?b2-q=zzz").text
    hostile = stranger.get('/?b2-q="><script>alert(1)</script>').text
    assert "<script>alert" not in hostile


def test_a_feed_with_marks_and_answers(player, luthier, stranger):
    luthier.records.update("Violin", 1, {"about": "A **loud** one <script>alert(1)</script> [x](javascript:alert(1))"})
    text = player.get("/talk").text
    assert "<strong>loud</strong>" in text and "<script>alert" not in text and 'href="javascript' not in text
    # Marked by a plain form, and marked off again.
    form = next(one for one in player.forms if one.action == "/violin/1/mark/likes")
    player.post(form.action, {})
    assert player.records.get("Violin", 1)["likes"] == 1 and player.records.get("Violin", 1).marked("likes")
    player.post(form.action, {}, follow=False, HX_Request="true")
    assert 'aria-pressed="false"' in player.text and "<html" not in player.text
    # Answered where it stands.
    player.get("/talk")
    answer = next(one for one in player.forms if one.values.get("violin") == ["1"])
    player.post(answer.action, {**answer.values, "text": "How *loud*?"})
    assert player.status == 200 and "How <em>loud</em>?" in player.text, player.url
    comment = next(iter(player.records.query("Comment")))
    assert comment["author"].id == player.visitor.id
    # Strangers see both and have no buttons.
    text = stranger.get("/talk").text
    assert "How <em>loud</em>?" in text and "/mark/" not in text and 'name="text"' not in text


def test_detail_shows_what_may_be_read(luthier, player):
    luthier.records.update("Violin", 1, {"secret": "wormwood", "price": "12"})
    assert "wormwood" in luthier.get("/violin/1").text and "wormwood" not in player.get("/violin/1").text
    assert "€24.00" in player.text, "what is computed is shown"


def test_parts_are_added_on_the_page(luthier, player):
    luthier.get("/violin/1")
    form = next(one for one in luthier.forms if one.action == "/repair/new")
    luthier.post(form.action, {**form.values, "what": "Glue the ribs"})
    assert luthier.status == 200 and "Glue the ribs" in luthier.text and "/violin/1" in luthier.url
    assert not any(one.action == "/repair/new" for one in player.get("/violin/1").forms)
    player.post("/repair/new", {"violin": "1", "what": "Mine"})
    assert player.status == 403 and luthier.records.count("Repair") == 1


def test_what_refers_is_listed_with_a_way_to_add(luthier, player):
    text = player.get("/violin/1").text
    link = re.search(r'href="(/order/new\?violin=1[^"]*)"', text)
    assert link
    form = player.get(link[1].replace("&amp;", "&")).form("name")
    assert form.values["violin"] == ["1"]


def test_two_blocks_of_one_kind_have_names_of_their_own():
    app = make(
        "app: A\ndata:\n  Note: {name: text!, done: bool}\naccess:\n  Note: {read: anyone}\npages:\n  Home:\n"
        "    - list: Note\n    - list: Note\n      where: done\n"
    )
    from tests.runtime.using import User

    text = User(app).get("/").text
    assert 'id="note"' in text and 'id="note-1"' in text
    app.close()


def test_a_block_with_a_condition_is_only_there_while_it_holds():
    app = make(
        "app: A\nroles: [boss, worker]\ndata:\n  Note: {name: text!}\naccess:\n  Note: {read: anyone, create: anyone}\npages:\n  Home:\n"
        "    - form: Note\n      title: Only for the boss\n      if: boss\n"
    )
    from tests.runtime.using import User, person

    assert "Only for the boss" in User(app, person(app, "Bea", "boss")).get("/").text
    worker = User(app, person(app, "Will", "worker"))
    assert "Only for the boss" not in worker.get("/").text
    worker.post("/", {"block": "0", "name": "x"})
    assert worker.status == 404 and worker.records.count("Note") == 0
    app.close()


def test_markdown_is_safe():
    hostile = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](data:text/html,x)",
        "![x](https://evil.example/pixel)", "<a href='x' onclick='y'>z</a>", "[a](https://ok.example \"t\" onmouseover=x)",
        "<iframe src=//x>", "<style>*{}</style>", "`<b>`", "<svg/onload=alert(1)>",
    ]  # fmt: skip
    for text in hostile:
        made = safe_html(text)
        assert not re.search(r"<(script|img|iframe|style|svg)|href=\"(javascript|data)|<[^>]* on\w+=", made), made
    assert safe_html("# A\n\n- b\n- c").count("<li>") == 2 and "<h2>" in safe_html("# A")


def test_a_page_of_ones_own_says_itself_what_belongs_there(luthier):
    # Violin has no page in the blueprint: orders that refer to it are listed. The maker's page names its blocks.
    luthier.records.create("Order", {"name": "An order", "violin": "1"})
    assert "An order" in luthier.get("/violin/1").text
    luthier.records.update("Violin", 3, {"helpers": [1]})
    text = luthier.get("/maker/1").text
    assert text.count("block-table") == 1 and "block-related" not in text


def test_facts_of_a_line_stand_apart_and_its_ends_in_columns():
    app = make(LINES)
    page = User(app).get("/").text
    line = page.split('<li class="list-item"')[1].split("</li>")[0]
    facts = re.findall(r'<span class="fact[^"]*">(.*?)</span>', line)
    assert len(facts) == 2 and facts[0] == "Late show" and 'href="tel:' in facts[1]
    assert "list-value" in line and "€80.00" in line and "list-chips" in line and "Open" in line
    assert line.index("list-value") < line.index("list-chips")
    app.close()


LINES = """
app: Lines
theme: {primary: blue, background: white, style: elegant}
data:
  Gig: {name: text!, room: text, phone: phone, fee: money EUR, state: Open | Closed}
access:
  default: {read: anyone}
pages:
  Home:
    - list: Gig
      show: [name, room, phone, fee, state]
seed:
  Gig:
    - {name: LU-01, room: Late show, phone: 555 0142, fee: 80, state: Open}
"""
