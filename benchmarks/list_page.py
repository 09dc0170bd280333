"""A filtered, searched page of a 10,000-row table: ours, Django's admin list and Datasette's table page, on the same SQLite file.

    benchmarks/list_page            # makes an environment for the peers once, then runs this

Each peer answers in process through its own test client (no network), signed in where it asks for that: one warm-up, then
rounds in turn, so that the machine's mood meets all alike. All three search the words of `title` and filter by `status`; ours and
Datasette's search is SQLite's FTS5, Django's admin has LIKE. Each shows 50 rows with the customer's name and the total count.
The peers run in processes of their own, started here, because they want other packages.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROWS = 10_000
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
      sort: -due
      limit: 50
"""


def fill(folder: Path) -> Path:
    """An app's database with the rows, all peers' common ground."""
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
        for _ in range(1, ROWS + 1):
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
                    random.randint(100, 99999),
                )
            )
        connection.exec_driver_sql(
            "INSERT INTO ticket (created, updated, title, customer, status, due, amount) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    ours(app)()  # makes the search index, which Datasette uses too
    app.close()
    return folder / "data.db"


def ours(app):
    from espalier.runtime.visit import Visit

    def page() -> str:
        response = app.respond(Visit(app, "GET", "/", query="b1-q=pump+valve&b1.status=Open"))
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
        ordering = ("-due",)
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
    datasette = Datasette([str(file)], settings={"num_sql_threads": 1})
    loop.run_until_complete(datasette.invoke_startup())

    def page() -> str:
        response = loop.run_until_complete(
            datasette.client.get("/data/ticket?_search=pump+valve&status=Open&_sort_desc=due&_size=50&_labels=on")
        )
        assert response.status_code == 200, response.text[:300]
        return response.text

    return page


PEERS = {"espalier": serve_ours, "django": serve_django, "datasette": serve_datasette}


def child(name: str, where: Path) -> None:
    """Answers a line on standard input with the seconds that one page took."""
    page = PEERS[name](where)
    text = page()
    print(json.dumps({"bytes": len(text), "rows": text.count("pump")}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        page()
        print(time.perf_counter() - start, flush=True)


def main() -> None:
    python = os.environ.get("PEERS_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        file = fill(Path(folder))
        peers = {}
        for name in PEERS:
            where = folder if name == "espalier" else str(file)
            runner = sys.executable if name == "espalier" else python
            peers[name] = subprocess.Popen(
                [runner, __file__, name, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            print(f"{name:10} {peers[name].stdout.readline().strip()}")
        times: dict[str, list[float]] = {name: [] for name in peers}
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                peer.stdin.write("go\n")
                peer.stdin.flush()
                times[name].append(float(peer.stdout.readline()) * 1000)
        for peer in peers.values():
            peer.stdin.close()
            peer.wait()
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:10} median {median:7.1f} ms   {median / medians['espalier']:.2f} x ours")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
