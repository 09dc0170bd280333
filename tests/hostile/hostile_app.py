"""An app whose every word wants out: titles, labels, choices, messages and data are markup, script and template.

All block kinds and field types are in it. `fill` gives it an admin, a member and records whose texts are hostile too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.errors import Invalid
from espalier.runtime.people import accounts, passwords
from espalier.runtime.records import Records

PASSWORD = "a long walk home"
ZAP = "<zap onerror=zap()>\"'><img src=x onerror=zap(1)></script></textarea></title></style><!--zq{{7*7}}zq"
SHORT = "</title><img src=x onerror=zap()>zq{{7*7}}zq"
WORDS = "'" + ZAP.replace("'", "''") + "'"
BRIEF = "'" + SHORT + "'"
TYPES = [
    "long",
    "int",
    "number",
    "money",
    "percent",
    "bool",
    "date",
    "datetime",
    "time",
    "email",
    "phone",
    "url",
    "color",
    "location",
    "rating",
    "tags",
    "json",
]


def blueprint() -> str:
    """The hostile app as text."""
    fields = "\n".join(f"    a_{name}: {name}" for name in TYPES)
    line = f"{BRIEF}: {WORDS}"
    return f"""\
app: {BRIEF}
about: {WORDS}
data:
  Thing:
    name: text!
{fields}
    kind: <img src x onerror zap> | B
    kinds: [Red | Green]
    photo: image
    paper: file
    papers: [file]
    other: Thing
    people: [User]
    likes: marks
    at: datetime
    due: date
    number: serial S-001
    parts: int = count(Part)
    rules:
      {BRIEF}: name != "forbidden"
    actions:
      Press:
        - kind = B
        - email owner "Pressed {{name}} {SHORT.replace("{{7*7}}", "")}"
        - notify owner "Pressed {{name}} {SHORT.replace("{{7*7}}", "")}"
      Rename: [ask name]
  Part:
    thing: Thing! part
    name: text!
access:
  Thing: {{read: anyone, write: user}}
  default: {{read: anyone, write: user}}
pages:
  {BRIEF}:
    - hero: {WORDS}
      text: {WORDS}
      button: {BRIEF} -> {BRIEF}
    - banner: {BRIEF}
      text: {WORDS}
    - text: {WORDS}
    - contact: {BRIEF}
      phone: {BRIEF}
      email: {BRIEF}
      address: {BRIEF}
      hours: {BRIEF}
    - features:
        {line}
    - steps:
        {line}
    - faq:
        {line}
    - pricing:
        {line}
    - testimonials:
        {line}
    - team:
        {line}
    - links:
        {BRIEF}: Words
    - newsletter: {BRIEF}
    - footer: {BRIEF}
      text: {WORDS}
  Words:
    - table: Thing
      title: {BRIEF}
      text: {WORDS}
      empty: {BRIEF}
      filter: [kind, other, kinds, due]
      edit: [name, kind]
    - list: Thing
      title: {BRIEF}
      text: {WORDS}
      filter: [kind]
    - cards: Thing
      title: {BRIEF}
    - gallery: Thing
    - feed: Thing
  Days:
    - calendar: Thing by due
      title: {BRIEF}
    - timeline: Thing by due
    - board: Thing by kind
      title: {BRIEF}
    - map: Thing by a_location
  Numbers:
    - stats:
        {BRIEF}: count(Thing)
        Latest: latest(Thing.name)
    - chart: bar Thing by kind
      title: {BRIEF}
    - chart: line Thing by name
    - leaderboard: Thing by a_int
      title: {BRIEF}
    - progress: Thing by a_int
      target: 10
    - rating: Thing by a_rating
    - search: [Thing, Part]
      title: {BRIEF}
  Send:
    - form: Thing
      title: {BRIEF}
      text: {WORDS}
      button: {BRIEF}
      done: {BRIEF}
    - wizard: Thing
      steps:
        {BRIEF}: [name, kind]
        More: [due]
  Other:
    - poll: Thing by kind
    - quiz: Thing
    - compare: Thing
    - chat: Part
      in: thing
    - image: {BRIEF}
    - video: {BRIEF}
    - button: {BRIEF} -> Words
  Game:
    - custom: {BRIEF}
      html: <p id="out">waiting</p>
      js: |
        const tried = [];
        const attempt = (name, deed) => {{ try {{ const got = deed(); tried.push(name + ": " + (got === undefined || got === null ? "REACHED" : "REACHED " + got)); }} catch (error) {{ tried.push(name + ": kept out"); }} }};
        attempt("parent", () => parent.document.title);
        attempt("top", () => top.location.href);
        attempt("cookie", () => document.cookie);
        attempt("localStorage", () => {{ const got = localStorage.getItem("planted"); localStorage.setItem("mine", "1"); if (got == null) throw new Error("nothing"); return got; }});
        attempt("sessionStorage", () => {{ const got = sessionStorage.getItem("planted"); sessionStorage.setItem("mine", "1"); if (got == null) throw new Error("nothing"); return got; }});
        attempt("indexedDB", () => {{ indexedDB.open("x"); }});
        const done = () => {{ document.getElementById("out").textContent = tried.join("; "); }};
        fetch("/api/me").then(() => tried.push("fetch: REACHED"), () => tried.push("fetch: kept out")).then(done);
        const image = new Image(); image.onload = () => {{ tried.push("image: REACHED"); done(); }}; image.src = "/static/x.png";
        try {{ new WebSocket("ws://" + "127.0.0.1:1/"); }} catch (error) {{}}
        try {{ open("/"); }} catch (error) {{}}
        try {{ alert(1); }} catch (error) {{}}
        done();
"""


def fill(app: App) -> dict[str, Any]:
    """An admin, a member, and three records full of words that want out."""
    with app.database.write() as connection:
        made = passwords.make(PASSWORD)
        admin = accounts.create(app, connection, name=ZAP, email="admin@example.com", role="admin", password=made)
        member = accounts.create(app, connection, name=SHORT, email="member@example.com", role="user", password=made)
    visitor = Visitor(admin, ZAP, "admin@example.com", "admin")
    records = Records(app, visitor)
    today = app.now()
    values: dict[str, Any] = {
        "a_long": f"{ZAP}\n\n[zap](javascript:zap()) ![zap](javascript:zap()) <javascript:zap()> [zap]: data:text/html,zap",
        "a_int": 5, "a_number": 1.5, "a_money": 12, "a_percent": 50, "a_bool": True, "a_date": today.date().isoformat(),
        "a_datetime": today.isoformat(timespec="minutes"), "a_time": "12:30", "a_email": "\"<img>\"@example.com", "a_phone": "+49 30 901820",
        "a_url": "https://example.com/\"onmouseover=\"zap()", "a_color": "red", "a_location": ZAP[:60], "a_rating": 4, "a_tags": [SHORT[:40], "zap"],
        "a_json": {ZAP: ZAP}, "kind": "B", "kinds": ["Red"], "people": [admin, member], "at": datetime(2026, 11, 22, 9).isoformat(timespec="minutes"), "due": today.date().isoformat(),
    }  # fmt: skip
    kinds = app.blueprint.entities["Thing"].fields["kind"].choices
    things = []
    for at, kind in enumerate(kinds):
        given = {"name": f"{ZAP} {at}", **values, "kind": kind, "other": things[-1] if things else None}
        for name in ("a_email", "a_url"):
            try:
                things.append(records.create("Thing", given).id)
                break
            except Invalid:
                # What a field type refuses outright cannot be attacked with; the rest is kept.
                given = {key: value for key, value in given.items() if key != name}
        else:
            things.append(records.create("Thing", given).id)
    for at in range(2):
        records.create("Part", {"thing": things[0], "name": f"{ZAP} {at}"})
    records.act("Thing", things[0], "press", {})
    return {"admin": visitor, "member": Visitor(member, SHORT, "member@example.com", "user")}


__all__ = ["BRIEF", "PASSWORD", "SHORT", "ZAP", "blueprint", "fill"]
