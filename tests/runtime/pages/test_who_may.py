"""What is offered to whom: fields of a new record, forms for strangers, buttons that lead to pages."""

import pytest

from tests.runtime.using import User, make, person

SCHOOL = """
app: School
theme: {primary: blue, background: white, style: friendly}
roles: [teacher]
signup: invite
data:
  Tutor: {name: text!, owner: User! owner}
  Lesson: {title: text!, tutor: Tutor!, student: User! owner = me, status: Asked | Agreed = Asked}
  Project: {name: text!, members: "[User]"}
  Task: {title: text!, project: Project!}
access:
  Tutor: {read: anyone, create: admin}
  Lesson: {read: own or tutor.owner, create: user, update: own or tutor.owner, status: {write: tutor.owner}}
  Project: {read: members}
  Task: {read: project.members, create: project.members}
pages:
  Home:
    - hero: Learn
      button: Staff room -> Staff
    - button: See the rota -> Staff
    - button: Ask for a lesson -> Ask
  Ask:
    - form: Lesson
  Tasks:
    - form: Task
  Staff (teacher):
    - text: Hello
"""


@pytest.fixture
def school():
    app = make(SCHOOL)
    yield app
    app.close()


def test_a_field_that_only_others_may_set_is_not_asked_for(school):
    tutor, student = person(school, "Tess"), person(school, "Sam")
    admin = person(school, "Ada", "admin")
    ours = User(school, admin).records.create("Tutor", {"name": "Tess", "owner": str(tutor.id)})
    theirs = User(school, admin).records.create("Tutor", {"name": "Ada", "owner": str(admin.id)})

    user = User(school, student).get("/ask")
    sheet = user.form("title")
    assert "tutor" in sheet.names and "status" not in sheet.names
    user.fill("title", title="Fractions", tutor=ours.id)
    assert user.status == 200, user.text
    assert [(one.title, one["status"]) for one in user.records.query("Lesson")] == [("Fractions", "Asked")]
    user.get("/lesson/new").fill("title", title="Verbs", tutor=ours.id)
    assert user.status == 200 and user.records.query("Lesson").total == 2

    # A tutor may set it in lessons of their own; in those of others only as it stands.
    user = User(school, tutor).get("/ask")
    assert "status" in user.form("title").names
    user.fill("title", title="Mine", tutor=ours.id, status="Agreed")
    assert user.status == 200
    user.get("/ask").fill("title", title="Other", tutor=theirs.id)
    assert user.status == 200
    user.get("/ask").fill("title", title="Sly", tutor=theirs.id, status="Agreed")
    assert user.status in (200, 422) and "This cannot be set here." in user.text
    said = {one.title: one["status"] for one in User(school, admin).records.query("Lesson")}
    assert said == {"Fractions": "Asked", "Verbs": "Asked", "Mine": "Agreed", "Other": "Asked"}


def test_a_rule_over_people_is_closed_to_strangers_before_there_is_a_record(school):
    stranger, member = User(school), User(school, person(school, "Mia"))
    assert not stranger.records.can("create", "Task") and member.records.can("create", "Task")
    assert not any("title" in sheet.names for sheet in stranger.get("/tasks").forms)
    assert "/login" in stranger.text
    assert "title" in member.get("/tasks").form("title").names


def test_buttons_to_closed_pages_are_drawn_only_where_they_lead_on(school):
    def seen(user):
        text = user.get("/").text
        return [words for words in ("Staff room", "See the rota", "Ask for a lesson") if words in text]

    everything = ["Staff room", "See the rota", "Ask for a lesson"]
    assert seen(User(school)) == everything  # they lead a stranger to the log-in
    assert seen(User(school, person(school, "Tom", "teacher"))) == everything
    member = User(school, person(school, "Mia"))
    assert seen(member) == ["Ask for a lesson"]
    assert member.get("/staff").status == 403
