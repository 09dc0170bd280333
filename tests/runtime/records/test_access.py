"""Who may do what, rule by rule."""

import pytest

from espalier.blueprint.blocks.base import Sort
from espalier.runtime.errors import Conflict, Forbidden, Invalid, NotFound

from .conftest import fresh, ids, me, titles

DESK = """
roles: [client, agent]
data:
  Ticket:
    title: text!
    status: Draft | Open | Closed = Draft
    assignee: User
    cost: money
  Note:
    ticket: Ticket! part
    text: long!
access:
  Ticket: {read: own or assignee or agent, create: user, update: own and status = Draft or agent, delete: agent, cost: {read: agent, write: agent}}
"""


def test_an_entity_without_an_entry_is_read_by_people_and_written_by_its_owner(place):
    app = place("data:\n  Plant:\n    name: text!")
    ann, bob = app.person("Ann"), app.person("Bob")
    fern = ann.create("Plant", {"name": "Fern"})
    assert titles(bob.query("Plant")) == ["Fern"]
    assert ids(app.anyone.query("Plant")) == []
    with pytest.raises(NotFound):
        app.anyone.get("Plant", fern.id)
    with pytest.raises(Forbidden):
        app.anyone.create("Plant", {"name": "Ivy"})
    with pytest.raises(Forbidden):
        bob.update("Plant", fern.id, {"name": "Mine"})
    with pytest.raises(Forbidden):
        bob.delete("Plant", fern.id)
    assert ann.update("Plant", fern.id, {"name": "Tree fern"})["name"] == "Tree fern"
    ann.delete("Plant", fern.id)
    assert bob.count("Plant") == 0


def test_the_default_entry_says_it_for_all_without_one(place):
    app = place(
        "roles: [staff]\ndata:\n  Post:\n    title: text!\naccess:\n  default: {read: anyone, write: own or staff}"
    )
    ann, bob, staff = app.person("Ann"), app.person("Bob"), app.person("Sam", "staff")
    post = ann.create("Post", {"title": "Hello"})
    assert titles(app.anyone.query("Post")) == ["Hello"]
    with pytest.raises(Forbidden):
        bob.update("Post", post.id, {"title": "x"})
    staff.update("Post", post.id, {"title": "Edited"})
    ann.update("Post", post.id, {"title": "Again"})


def test_admin_may_do_everything_and_nobody_means_nobody_else(place):
    app = place("data:\n  Log:\n    line: text!\naccess:\n  Log: {read: nobody, write: nobody}")
    root, ann = app.person("Root", "admin"), app.person("Ann")
    line = root.create("Log", {"line": "started"})
    assert titles(root.query("Log")) == ["started"]
    assert ann.query("Log").total == 0
    with pytest.raises(Forbidden):
        ann.create("Log", {"line": "mine"})
    root.delete("Log", line.id)


def test_parts_follow_what_they_are_part_of(place):
    app = place(DESK)
    ann, bob, agent = app.person("Ann", "client"), app.person("Bob", "client"), app.person("Gus", "agent")
    ticket = ann.create("Ticket", {"title": "Broken"})
    note = ann.create("Note", {"ticket": ticket.id, "text": "It smokes"})
    assert ids(agent.query("Note")) == [note.id] and ids(bob.query("Note")) == []
    with pytest.raises(Invalid) as refused:
        bob.create("Note", {"ticket": ticket.id, "text": "me too"})
    with pytest.raises(Invalid) as missing:
        bob.create("Note", {"ticket": 999, "text": "me too"})
    assert refused.value.errors == missing.value.errors  # nobody learns which numbers exist
    agent.update("Ticket", ticket.id, {"status": "Open", "assignee": me(bob)})
    assert ids(bob.query("Note")) == [note.id]
    with pytest.raises(Forbidden):
        bob.create("Note", {"ticket": ticket.id, "text": "I may read, not change"})


def test_owner_fields_say_whose_a_record_is(place):
    app = place(
        "data:\n  Essay:\n    title: text!\n    student: User! owner\naccess:\n  Essay: {read: own, create: own, write: own}"
    )
    ann, bob, root = app.person("Ann"), app.person("Bob"), app.person("Root", "admin")
    essay = ann.create("Essay", {"title": "On owls", "student": me(ann)})
    assert essay["student"].id == me(ann)
    with pytest.raises(Forbidden):
        ann.create("Essay", {"title": "For Bob", "student": me(bob)})
    with pytest.raises(Forbidden):
        ann.update("Essay", essay.id, {"student": me(bob)})
    given = root.create("Essay", {"title": "Assigned", "student": me(bob)})
    assert titles(bob.query("Essay")) == ["Assigned"] and given.id not in ids(ann.query("Essay"))


def test_an_owner_who_is_me_is_nobody_else(place):
    app = place(
        "data:\n  Post:\n    title: text!\n    author: User! owner = me\naccess:\n  Post: {read: user, create: user}"
    )
    ann, bob = app.person("Ann"), app.person("Bob")
    post = ann.create("Post", {"title": "Hello"})
    assert post["author"].id == me(ann) and "author" not in ann.writable_fields("Post", "create")
    with pytest.raises(Invalid):
        ann.create("Post", {"title": "Forged", "author": me(bob)})
    with pytest.raises(Invalid):
        ann.update("Post", post.id, {"author": me(bob)})
    with pytest.raises(Forbidden):
        bob.update("Post", post.id, {"title": "Mine"})


def test_a_person_may_submit_their_draft_but_not_change_it_after(place):
    app = place(DESK)
    ann = app.person("Ann", "client")
    ticket = ann.create("Ticket", {"title": "Broken"})
    ann.update("Ticket", ticket.id, {"status": "Open", "title": "Broken lamp"})
    with pytest.raises(Forbidden):
        ann.update("Ticket", ticket.id, {"title": "x"})


def test_nobody_pushes_a_record_into_a_project_of_others(place):
    app = place("""
data:
  Project:
    name: text!
    members: [User]
  Task:
    title: text!
    project: Project!
access:
  Project: {read: user, write: members}
  Task: {read: user, create: project.members, update: project.members, delete: project.members}
""")
    ann, bob = app.person("Ann"), app.person("Bob")
    hers = app.author.put("Project", {"name": "Hers", "members": [me(ann)]}, owner=None)
    his = app.author.put("Project", {"name": "His", "members": [me(bob)]}, owner=None)
    task = ann.create("Task", {"title": "Paint", "project": hers})
    with pytest.raises(Forbidden):
        ann.create("Task", {"title": "Forged", "project": his})
    with pytest.raises(Forbidden):
        ann.update("Task", task.id, {"project": his})
    assert fresh(ann, task)["project"].id == hers


def test_hidden_fields_are_not_there(place):
    app = place(DESK)
    ann, agent = app.person("Ann", "client"), app.person("Gus", "agent")
    cheap = agent.create("Ticket", {"title": "Cheap", "cost": "5", "assignee": me(ann)})
    dear = agent.create("Ticket", {"title": "Dear", "cost": "500", "assignee": me(ann)})
    assert "cost" not in ann.get("Ticket", cheap.id) and "cost" not in ann.readable_fields("Ticket")
    assert ann.query("Ticket", show=["title", "cost"]).records[0].get("cost") is None
    with pytest.raises(Invalid) as hidden:
        ann.query("Ticket", filters={"cost": ["500"]})
    with pytest.raises(Invalid) as absent:
        ann.query("Ticket", filters={"kost": ["500"]})
    assert list(hidden.value.errors.values()) == list(absent.value.errors.values())
    assert ids(ann.query("Ticket", sort=[Sort("cost", True)])) == [cheap.id, dear.id]
    assert ids(agent.query("Ticket", sort=[Sort("cost", True)])) == [dear.id, cheap.id]
    assert ann.choices("Ticket", "cost") == [] and ann.totals("Ticket", ["cost"]) == {}
    assert float(agent.totals("Ticket", ["cost"])["cost"]) == 505


def test_fields_that_may_not_be_set_are_refused_when_forged(place):
    app = place(DESK)
    ann = app.person("Ann", "client")
    assert "cost" not in ann.writable_fields("Ticket", "create")
    for forged in ({"cost": "1"}, {"id": "7"}, {"owner": "1"}, {"created": "2020-01-01"}, {"nonsense": "x"}):
        with pytest.raises(Invalid):
            ann.create("Ticket", {"title": "x", **forged})
    assert ann.count("Ticket") == 0


def test_a_field_hidden_in_some_records_is_nothing_there(place):
    app = place(
        "roles: [hr]\ndata:\n  Staff:\n    name: text!\n    person: User owner\n    salary: int\naccess:\n  Staff: {read: user, write: hr, salary: {read: own or hr, write: hr}}"
    )
    ann, hr = app.person("Ann"), app.person("Hanna", "hr")
    mine = app.author.put("Staff", {"name": "Ann", "person": me(ann), "salary": 100}, owner=None)
    app.author.put("Staff", {"name": "Bob", "salary": 100}, owner=None)
    assert {record.title: record["salary"] for record in ann.query("Staff")} == {"Ann": 100, "Bob": None}
    assert ids(ann.query("Staff", filters={"salary": ["100"]})) == [mine]
    assert [(one.value, one.count) for one in ann.choices("Staff", "salary")] == [("100", 1)]
    assert ann.totals("Staff", ["salary"]) == {"salary": 100} and hr.totals("Staff", ["salary"]) == {"salary": 200}


def test_paths_stop_at_a_record_that_may_not_be_read(place):
    app = place("""
data:
  Folder:
    name: text!
  Paper:
    title: text!
    folder: Folder
access:
  Folder: {read: own, create: user, write: own}
  Paper: {read: anyone, write: user}
""")
    ann, bob = app.person("Ann"), app.person("Bob")
    folder = ann.create("Folder", {"name": "Secret plans"})
    paper = ann.create("Paper", {"title": "Page one", "folder": folder.id})
    assert ann.get("Paper", paper.id, ["folder", "folder.name"])["folder.name"] == "Secret plans"
    seen = bob.get("Paper", paper.id, ["folder", "folder.name", "folder.owner.name"])
    assert (seen["folder"], seen["folder.name"], seen["folder.owner.name"]) == (None, None, None)
    assert bob.query("Paper", filters={"folder.name": ["Secret plans"]}).total == 0
    assert bob.query("Paper", filters={"folder": [str(folder.id)]}).total == 0
    assert bob.choices("Paper", "folder") == [] and bob.options("Paper", "folder") == []
    # An empty place in a form of somebody who cannot see the folder does not take the paper out of it.
    bob.update("Paper", paper.id, {"title": "Page 1", "folder": ""})
    assert fresh(ann, paper)["folder"].title == "Secret plans"


def test_people_keep_what_is_theirs(place):
    app = place("roles: [client, agent]\ndata:\n  User:\n    phone: phone\n  Thing:\n    name: text!")
    ann, bob = app.person("Ann", "client", phone="555 0100"), app.person("Bob", "client")
    seen = bob.get("User", me(ann))
    assert seen["name"] == "Ann" and seen["email"] is None and seen["phone"] is None
    assert ann.get("User", me(ann))["email"] == "ann@example.com"
    for values in ({"role": "admin"}, {"email": "x@example.com"}, {"name": "Queen"}):
        with pytest.raises((Invalid, Forbidden)):
            ann.update("User", me(ann), values)
    assert bob.query("User", filters={"email": ["ann@example.com"]}).total == 0
    assert bob.query("User", search="ann@example.com").total == 0
    assert app.anyone.query("User").total == 0


def test_no_role_but_the_admin_makes_an_admin(place):
    app = place(
        "roles: [boss]\ndata:\n  Thing:\n    name: text!\naccess:\n  User: {read: user, write: boss, role: {write: boss}}"
    )
    boss, root, ann = app.person("Bo", "boss"), app.person("Root", "admin"), app.person("Ann")
    boss.update("User", me(ann), {"role": "boss"})
    with pytest.raises(Invalid):
        boss.update("User", me(ann), {"role": "admin"})
    with pytest.raises(Invalid):
        root.update("User", me(ann), {"role": "wizard"})
    root.update("User", me(ann), {"role": "admin"})


def test_marks_need_an_account_and_a_readable_record(place):
    app = place(
        "data:\n  Post:\n    title: text!\n    open: bool\n    likes: marks\naccess:\n  Post: {read: open or own, create: user, write: own}"
    )
    ann, bob = app.person("Ann"), app.person("Bob")
    post = ann.create("Post", {"title": "Hi", "open": True})
    closed = ann.create("Post", {"title": "Private"})
    assert bob.mark("Post", post.id, "likes") is True and bob.mark("Post", post.id, "likes", True) is True
    assert fresh(ann, post)["likes"] == 1 and not fresh(ann, post).marked("likes") and fresh(bob, post).marked("likes")
    assert bob.mark("Post", post.id, "likes") is False and fresh(ann, post)["likes"] == 0
    with pytest.raises(NotFound):
        bob.mark("Post", closed.id, "likes")
    with pytest.raises(NotFound):
        bob.mark("Post", post.id, "title")
    with pytest.raises(Forbidden):
        app.anyone.mark("Post", post.id, "likes")
    with pytest.raises(Invalid):
        ann.update("Post", post.id, {"likes": "5"})


def test_who_sends_a_form_need_not_be_able_to_read_it(place):
    app = place("data:\n  Message:\n    text: long!\naccess:\n  Message: {read: nobody, create: anyone}")
    sent = app.anyone.create("Message", {"text": "Hello"})
    assert dict(sent) == {} and sent.id == 1
    with pytest.raises(NotFound):
        app.anyone.get("Message", sent.id)
    assert app.author.get("Message", sent.id)["text"] == "Hello"


def test_a_change_in_between_is_not_overwritten(place):
    app = place("data:\n  Page:\n    text: long!\naccess:\n  Page: {read: user, write: user}")
    ann, bob = app.person("Ann"), app.person("Bob")
    page = ann.create("Page", {"text": "one"})
    bob.update("Page", page.id, {"text": "two"}, page["updated"])
    with pytest.raises(Conflict):
        ann.update("Page", page.id, {"text": "three"}, page["updated"].isoformat())
    assert fresh(ann, page)["text"] == "two"
    ann.update("Page", page.id, {"text": "three"}, str(fresh(ann, page)["updated"]))
    assert fresh(ann, page)["text"] == "three"


def test_a_rule_that_leads_back_to_itself_is_closed(place):
    app = place(
        "data:\n  Folder:\n    name: text!\n    inside: Folder\naccess:\n  Folder: {read: own or inside, create: user}"
    )
    ann, bob = app.person("Ann"), app.person("Bob")
    top = ann.create("Folder", {"name": "top"})
    app.author.put("Folder", {"name": "below", "inside": top.id}, owner=None)
    assert titles(ann.query("Folder")) == ["top", "below"] and bob.query("Folder").total == 0


def test_bounds(place):
    app = place("data:\n  Dot:\n    n: int\naccess:\n  Dot: {read: anyone, write: user}")
    ann = app.person("Ann")
    ann.create("Dot", {"n": "1"})
    assert len(ann.query("Dot", limit=10**9)) == 1 and len(ann.query("Dot", limit=-5)) == 0
    with pytest.raises(Invalid):
        ann.query("Dot", filters={f"n{'.x' * at}": ["1"] for at in range(30)})
    with pytest.raises(NotFound):
        ann.query("Nothing")
    for id in (0, -1, 10**30):
        with pytest.raises(NotFound):
            ann.get("Dot", id)
    assert ann.query("Dot", sort=[Sort("nonsense"), Sort("n.owner.x")]).total == 1


def test_a_chart_by_what_is_hidden_leaves_those_records_out(place):
    app = place("""
data:
  Diary:
    title: text!
    secret: text
access:
  Diary: {read: user, create: user, secret: {read: own}}
pages:
  Home:
    - chart: bar Diary by length(secret)
""")
    ann, bob = app.person("Ann"), app.person("Bob")
    ann.create("Diary", {"title": "hers", "secret": "abc"})
    bob.create("Diary", {"title": "his", "secret": "abcde"})
    bob.create("Diary", {"title": "empty"})
    drawn = app.blueprint.page_list[0].blocks[0].of
    assert [(point.key, point.value) for point in ann.series(drawn.what, drawn.by)[0].points] == [(3, 1)]
    assert [(point.key, point.value) for point in bob.series(drawn.what, drawn.by)[0].points] == [(5, 1), (None, 1)]
