"""The reference card: the language on one page, short enough for any model's prompt.

The lists of types and blocks come from the language itself; the words around them are here. Every snippet is read by a
test, so the card cannot promise what the reader refuses.
"""

from __future__ import annotations

from functools import lru_cache

from .blocks import KINDS
from .fields import SHAPED, TYPES

EXAMPLE = """\
app: Oak Street Repairs
about: Repair jobs and bookings of a bicycle workshop
theme: {primary: darkgreen, background: ivory, style: friendly}
roles: [client, mechanic]
data:
  Bike:
    name: text!
    frame: Steel | Alloy | Carbon
    photo: image
  Job:
    bike: Bike!
    problem: long!
    due: date = today + 7 days
    status: Waiting | In work | Ready = Waiting
    mechanic: User
    paid: money = sum(Payment.amount)
    rules:
      Choose a day that is still to come: due >= today
    actions:
      Take (mechanic): [if status = Waiting, mechanic = me, status = In work]
      Ready (mechanic):
        - status = Ready
        - email owner "Your {bike} is ready"
  Payment:
    job: Job! part
    amount: money!
access:
  Bike: {read: own or mechanic, write: own}
  Job: {read: own or mechanic, create: client, update: mechanic, delete: nobody}
pages:
  Home:
    - hero: Back on the road by Friday
      text: Honest repairs, a fair price, no appointment under a week.
      button: Bring it in -> My bikes
    - faq:
        What does a check cost?: Nothing. You pay for what we mend.
  My bikes (client):
    - form: Job
      show: [bike, problem]
    - list: Job
      where: status != Ready
      sort: -created
  Workshop (mechanic):
    - stats:
        Waiting: count(Job where status = Waiting)
        Taken this month: sum(Payment.amount where month(created) = month(today))
    - board: Job by status
    - chart: bar Job by week(created)
    - table: Job
      show: [bike, bike.frame, status, due, paid]
      filter: [status, mechanic]
seed:
  Bike:
    - Red tourer | Steel
    - Kim's racer | Carbon
automations:
  when Job created: 'notify mechanic "New job: {problem}"'
  1 day before Job.due: email owner "Tomorrow is the day"
"""

CARD = """\
# Espalier blueprint: one YAML page is one full-stack web app
Write only what makes this app itself; the rest has defaults (tables have search, paging, add, edit, delete; every \
record has a page and forms; log-in, account and admin pages exist). Keys in this order: app, about, theme, \
roles, signup, data, access, pages, seed, automations. Only app, data and pages are needed.

```yaml
{example}```

- theme: primary, background, accent (CSS names or "#hex"), style (friendly minimal bold elegant playful corporate editorial retro), mode (light dark), layout (top side).
- roles: admin exists always and may do everything. A sign-up gets the first role if there are several. signup: `user`, `invite`, or roles joined with `or`.
- field: `name: TYPE[!] [parameter] [unique] [owner] [part] [= expression]`. ! is required. TYPE: {types}; `A | B | C` (choice); an entity (reference); `[Entity]`, `[A | B]`, `[image]` (many). \
Parameter: a range `1..5`, a unit `kg`, `EUR`, a start `INV-0001` (serial). `owner`: that person owns the record. `part`: lives and dies with that record and follows its access. \
`= expression` is a default if it names no field, else the field is computed. marks: likes, saves, votes, joins (one per person; `me in likes`).
- Every record has id, created, updated, owner. User exists (name, email, role, avatar); more fields under `User:`. Entities are PascalCase singular, fields snake_case.
- in an entity also: `unique: [course, owner]` (together), `rules:` (`words shown: condition`), `actions:` (`Label (who): steps`).
- steps: `if CONDITION`, `ask field`, `field = value`, `ref.field = value`, `create Entity` then `Entity.field = value`, `delete`, `email WHO "text {{field}}"`, `notify WHO "text"`, `webhook URL`; several in a list.
- access: `Entity: {{read: WHO, create: WHO, update: WHO, delete: WHO}}`; `write` is the last three. WHO: anyone, user (signed in), nobody, own, a role, a path to people (`assignee`, `team.members`) or to a record \
(`ticket`: may read it), joined with or/and/not and conditions: `status = Published or own`. A field: `salary: {{read: own or hr, write: hr}}` in the same entry. Without an entry: {{read: user, write: own}}; `default: {{...}}` for all.
- pages: `Name:` or `Name (WHO):`, a list of blocks; the first is home. `Each Job:` is the page of one job; `this` is the job. A block is `- kind: what` and options as further keys. All blocks take title, text, if.
- options of data blocks: show, where, filter, sort (`-created`), limit, empty. Paths reach through references (`bike.frame`).
{blocks}
- seed: rows of the typed-in fields in order, divided by ` | `. References by the first field; dates may be `+3 days`, `-1 week 14:00`.
- automations: `when Job created|updated|deleted`, `when Job status = Ready`, `1 day before Job.due`, `every day for Job where due < today`: steps.
- expressions: `= != < <= > >=`, and or not, + - * /, `x in [A, B]`, today, now, me, this, null, `3 days`, if(c, a, b), round, min, max, coalesce, days(from, to), years(from, to), month(date), \
count(Job where c), sum(Job.price), avg, latest, streak(Log.day). In an entity these cover the records that refer to it; `where home = this` says it otherwise. Choice values stand bare: status = In work.
"""


@lru_cache(maxsize=1)
def card() -> str:
    """The card as Markdown; at most 2,000 tokens of the SmolLM2 tokenizer."""
    types = " ".join(name for name in TYPES if name not in SHAPED)
    blocks = "\n".join(
        f"- {group} blocks: "
        + "; ".join(f"{kind} ({block.says})" for kind, block in sorted(KINDS.items()) if block.group == group)
        for group in ("data", "flow", "content")
    )
    return CARD.format(example=EXAMPLE, types=types, blocks=blocks)
