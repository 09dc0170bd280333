"""A filtered, searched page of a 10,000-row table: ours, Django's admin list and Datasette's table page, on the same SQLite file.

    benchmarks/list_page            # makes an environment for the peers once, then runs this

Each peer answers in process through its own test client (no network), signed in where it asks for that: one warm-up, then
rounds in turn, so that the machine's mood meets all alike. All three find the words in `title`, filter by `status`, order by
`amount`, show 50 rows of five columns with the customer's name, and count what they found; before the clock starts each
page is held against what the rows should give (the same 50 titles in the same order, the same total), so nobody is
measured on less. Ours and Datasette ask the same full text index, Django's admin has LIKE. Ours counts the tickets of each
status beside its filter; Datasette does that as a facet, Django's admin cannot. What a peer does beyond that is turned off:
Django's second count, of the whole table, and the facets that Datasette would suggest. The peers run in processes of their
own, started here, because they want other packages. Printed are the time on the clock and the processor's time of the peer
(all its threads), which says more when the machine has other work.
"""

import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROWS = 10_000
SHOWN = 50
ROUNDS = 40
WORDS = (
    "pump valve gasket motor sensor cable bracket filter hose bearing switch panel relay nozzle spindle clamp".split()
)
BLUEPRINT = """\
app: Desk
data:
  Customer:
    name: text!
  Ticket:
    title: text!
    customer: Customer!
    status: Open | Waiting | Closed = Open
    due: date
    amount: money
access:
  default: {read: anyone, write: nobody}
pages:
  Tickets:
    - table: Ticket
      show: [title, customer, status, due, amount]
      filter: [status]
      sort: -amount
      limit: 50
"""


TITLE = re.compile(rf"(?:(?:{'|'.join(WORDS)}) ){{5}}(?:{'|'.join(WORDS)})")


def fill(folder: Path) -> tuple[list[str], int]:
    """Makes an app's database, all peers' common ground; the titles that the page should show, and how many there are in all."""
    from espalier.blueprint import read
    from espalier.runtime.app import App

    app = App(read(BLUEPRINT), folder)
    random.seed(7)
    with app.database.write() as connection:
        moment = "2026-11-01 10:00:00.000000"
        connection.exec_driver_sql(
            "INSERT INTO customer (id, created, updated, name) VALUES (?, ?, ?, ?)",
            [(n, moment, moment, f"Customer {n}") for n in range(1, 201)],
        )
        rows = []
        amounts = random.sample(range(100, 10_000_000), ROWS)  # no two alike, so that there is one order
        for amount in amounts:
            title = " ".join(random.choices(WORDS, k=6))
            day = f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
            rows.append(
                (
                    moment,
                    moment,
                    title,
                    random.randint(1, 200),
                    random.choice(["Open", "Waiting", "Closed"]),
                    day,
                    amount,
                )
            )
        connection.exec_driver_sql(
            "INSERT INTO ticket (created, updated, title, customer, status, due, amount) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    ours(app)()  # makes the search index, which Datasette uses too
    app.close()
    found = sorted(
        (row for row in rows if {"pump", "valve"} <= set(row[2].split()) and row[4] == "Open"), key=lambda row: -row[6]
    )
    return [row[2] for row in found[:SHOWN]], len(found)


def ours(app):
    from espalier.runtime.visit import Visit

    def page() -> str:
        response = app.respond(Visit(app, "GET", "/", query="b0-q=pump+valve&b0.status=Open"))
        assert response.status_code == 200
        return response.body.decode()

    return page


def serve_ours(folder: Path):
    from espalier.blueprint import read
    from espalier.runtime.app import App

    return ours(App(read(BLUEPRINT), folder))


def serve_django(file: Path):
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="benchmark",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}},
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()
    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import models
    from django.test import Client
    from django.urls import path

    class Customer(models.Model):
        name = models.TextField()

        class Meta:
            app_label, managed, db_table = "auth", False, "customer"

        def __str__(self) -> str:
            return self.name

    class Ticket(models.Model):
        title = models.TextField()
        customer = models.ForeignKey(Customer, models.DO_NOTHING, db_column="customer")
        status = models.TextField(choices=[(word, word) for word in ("Open", "Waiting", "Closed")])
        due = models.DateField()
        amount = models.IntegerField()

        class Meta:
            app_label, managed, db_table = "auth", False, "ticket"

    class TicketAdmin(admin.ModelAdmin):
        list_display = ("title", "customer", "status", "due", "amount")
        list_filter = ("status",)
        search_fields = ("title",)
        ordering = ("-amount",)
        show_full_result_count = False
        list_per_page = 50
        list_select_related = ("customer",)

    admin.site.register(Ticket, TicketAdmin)
    globals()["urlpatterns"] = [path("admin/", admin.site.urls)]
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("ada", "ada@example.com", "x")
    client = Client()
    client.force_login(user)

    def page() -> str:
        response = client.get("/admin/auth/ticket/", {"q": "pump valve", "status__exact": "Open"})
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    return page


def serve_datasette(file: Path):
    import asyncio

    from datasette.app import Datasette

    loop = asyncio.new_event_loop()
    datasette = Datasette([str(file)], settings={"num_sql_threads": 1, "suggest_facets": False})
    loop.run_until_complete(datasette.invoke_startup())
    columns = "&".join(f"_col={name}" for name in ("title", "customer", "status", "due", "amount"))
    index = "_fts_table=espalier_search_ticket&_fts_pk=id"
    address = (
        f"/data/ticket?_search=pump+valve&{index}&status=Open&_sort_desc=amount&_size={SHOWN}&_facet=status&{columns}"
    )

    def page() -> str:
        response = loop.run_until_complete(datasette.client.get(address))
        assert response.status_code == 200, response.text[:300]
        return response.text

    return page


def told(html: str) -> tuple[list[str], int]:
    """The titles that a page shows, in order, and the total that it tells (ours, Django's and Datasette's words for it)."""
    titles = [title for title, _ in itertools.groupby(TITLE.findall(html))]  # a page may say one in an attribute too
    total = re.search(r"of ([\d,]+)<|(\d+) (?:results|tickets)\b|([\d,]+) rows?\b", html)
    return titles, int(next(filter(None, total.groups())).replace(",", "")) if total else 0


PEERS = {"espalier": serve_ours, "django": serve_django, "datasette": serve_datasette}


def child(name: str, where: Path) -> None:
    """Answers a line on standard input with the seconds that one page took."""
    page = PEERS[name](where)
    print(json.dumps(told(page())), flush=True)
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        page()
        print(time.perf_counter() - start, time.process_time() - worked, flush=True)


def main() -> None:
    python = os.environ.get("PEERS_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        titles, total = fill(Path(folder))
        file = Path(folder) / "data.db"
        peers = {}
        for name in PEERS:
            where = folder if name == "espalier" else str(file)
            runner = sys.executable if name == "espalier" else python
            peers[name] = subprocess.Popen(
                [runner, __file__, name, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            said = json.loads(peers[name].stdout.readline())
            assert said == [titles, total], (
                f"{name} shows another page: {len(said[0])} rows of {said[1]}, not {len(titles)} of {total}"
            )
        print(f"each shows the same {len(titles)} of {total} rows found among {ROWS:,}")
        times: dict[str, list[tuple[float, ...]]] = {name: [] for name in peers}
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                peer.stdin.write("go\n")
                peer.stdin.flush()
                times[name].append(tuple(float(word) * 1000 for word in peer.stdout.readline().split()))
        for peer in peers.values():
            peer.stdin.close()
            peer.wait()
    medians = {
        name: [statistics.median(column) for column in zip(*taken, strict=True)] for name, taken in times.items()
    }
    ours_, worked = medians["espalier"]
    for name, (clock, processor) in medians.items():
        print(
            f"{name:10} {clock:6.1f} ms ({clock / ours_:.2f} x ours)   processor {processor:6.1f} ms ({processor / worked:.2f} x ours)   medians of {ROUNDS}"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
