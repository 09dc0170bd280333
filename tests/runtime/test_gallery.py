"""Every page of every app of the gallery, as everybody: it opens for those it is for, and for nobody else."""

import re

import pytest

from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.people import accounts, passwords
from espalier.runtime.visit import Visit
from tests.samples import GALLERY

BROKEN = re.compile(r"error number|not available yet|Traceback|\{\{|\{%|Undefined|None<|>None\b|&lt;espalier")


@pytest.fixture(scope="module", params=GALLERY, ids=lambda path: path.stem)
def app(request):
    app = App(read(request.param.read_text()), name=request.param.stem)
    yield app
    app.close()


def everybody(app: App) -> list[Visitor]:
    """A stranger, and one person of each role, of none, and the admin."""
    password = passwords.make("correct horse battery")
    people = [Visitor()]
    with app.database.write() as connection:
        for role in (*app.blueprint.roles, None, "admin"):
            email = f"test-{role}@example.com"
            person = accounts.by_email(app, connection, email)
            id = (
                person.id
                if person
                else accounts.create(
                    app, connection, name=f"Test {role or 'plain'}", email=email, role=role, password=password
                )
            )
            people.append(Visitor(id=id, name=f"Test {role or 'plain'}", email=email, role=role))
    return people


def allowed(page, visitor: Visitor) -> bool:
    """May they open the page? Worked out from its words alone: the gallery's pages are for roles joined with `or`."""
    if page.who is None or visitor.is_admin:
        return True
    words = str(page.who).split(" or ")
    return "anyone" in words or ("user" in words and visitor.id is not None) or visitor.role in words


def test_every_page_as_everybody(app):
    for visitor in everybody(app):
        for page in app.blueprint.page_list:
            if page.each:
                continue
            way = "/" if page is app.blueprint.page_list[0] else f"/{page.slug}"
            response = app.respond(Visit(app, "GET", way, visitor=visitor))
            where = f"{page.name} as {visitor.role or visitor.id or 'a stranger'}"
            if allowed(page, visitor):
                assert response.status_code == 200, where
                text = response.body.decode()
                assert not BROKEN.search(text), (
                    where,
                    BROKEN.search(text)[0],
                    text[BROKEN.search(text).start() - 200 :][:400],
                )
                assert len(text) > 1500, where
            elif visitor.id is None:
                assert response.status_code == 303 and "/login" in response.headers["location"], where
            else:
                assert response.status_code == 403, where


def test_every_record_has_a_page_and_forms(app):
    admin = everybody(app)[-1]
    records = Visit(app, visitor=admin).records
    for entity in app.blueprint.data:
        slug = app.entity_slugs[entity]
        found = records.query(entity, show=(), limit=3).records
        assert found or entity not in app.blueprint.seed, entity
        for record in found:
            for way in (f"/{slug}/{record.id}", f"/{slug}/{record.id}/edit"):
                response = app.respond(Visit(app, "GET", way, visitor=admin))
                assert response.status_code == 200, (entity, way)
                text = response.body.decode()
                assert not BROKEN.search(text), (
                    way,
                    BROKEN.search(text)[0],
                    text[BROKEN.search(text).start() - 200 :][:400],
                )
        response = app.respond(Visit(app, "GET", f"/{slug}/new", visitor=admin))
        # People are invited, not made.
        assert response.status_code == (403 if entity == "User" else 200), entity


def test_the_seed_is_all_there(app):
    admin = everybody(app)[-1]
    records = Visit(app, visitor=admin).records
    for entity, rows in app.blueprint.seed.items():
        assert records.count(entity) >= len(rows), entity
