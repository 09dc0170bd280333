"""A sign-up for letters. Addresses are kept in the app's own table, and as a `Subscriber` where the blueprint has one.

Whoever writes an address learns nothing: the answer is the same for a new one and a known one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import insert, select
from starlette.responses import RedirectResponse, Response

from ..display import display_of
from ..errors import Invalid, NotFound
from ..pages import may_open
from ..people.limits import Limit, spend
from ..routes import route
from ..storage.system import subscriber
from .frame import Frame, anchor

if TYPE_CHECKING:
    from espalier.blueprint.blocks.newsletter import Newsletter
    from espalier.blueprint.schema import Page

    from ..visit import Visit

ADDRESS = Limit("newsletter address", 8)
TRAP = "website"  # a field that people do not see; programs fill it in
DONE = "Thank you. The next letter comes to you."


def render(block: Newsletter, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The form, or thanks."""
    frame = Frame(block, visit, page, this)
    action = visit.url(f"/-/letters/{page.slug}/{frame.at + 1}")
    done = DONE if frame.state("done") else ""
    return frame.draw("newsletter.html", action=action, done=done, trap=TRAP, wrong=bool(frame.state("wrong")))


def subscribe(visit: Visit, page: str, number: int) -> Response:
    """`POST /-/letters/{page}/{number}`: keep an address. The number is the block's place on the page, from 1."""
    from espalier.blueprint.blocks.newsletter import Newsletter

    found = next((one for one in visit.app.blueprint.page_list if one.slug == page), None)
    at = number - 1
    block = found.blocks[at] if found is not None and at < len(found.blocks) else None
    if found is None or not isinstance(block, Newsletter) or not may_open(visit, found):
        raise NotFound
    if block.shown is not None and not found.each and not visit.records.allows(block.shown):
        raise NotFound
    first = next(one for one in visit.app.blueprint.page_list if not one.each)
    back = display_of(visit).back(visit.url("/" if found == first else f"/{found.slug}")).split("?")[0].split("#")[0]
    spend(visit.app, (ADDRESS, visit.client))
    email = _email(visit.form.get("email"))
    if visit.form.get(TRAP):
        email = ""
    elif not email:
        return RedirectResponse(f"{back}?b{at}-wrong=1#{anchor(block)}", 303)
    if email:
        keep(visit, email, block.of)
    return RedirectResponse(f"{back}?b{at}-done=1#{anchor(block)}", 303)


def keep(visit: Visit, email: str, source: str) -> None:
    """Keep an address once. What the blueprint's own entity refuses stays between it and us."""
    with visit.app.database.write() as connection:
        known = connection.execute(
            select(subscriber.c.id).where(subscriber.c.email == email, subscriber.c.source == source)
        ).first()
        if known is None:
            connection.execute(insert(subscriber).values(email=email, source=source, created=visit.records.now))
    spec = visit.app.blueprint.entities.get("Subscriber")
    name = next((one.name for one in spec.fields.values() if one.kind == "email" and one.typed_in), "") if spec else ""
    if not name:
        return
    rows = visit.app.database.tables["Subscriber"]
    with visit.app.database.read() as connection:
        if connection.execute(select(rows.c.id).where(rows.c[name] == email)).first() is not None:
            return
    try:
        # The author put the form there: whoever may open the page may leave an address.
        visit.records.put("Subscriber", {name: email}, owner=visit.visitor.id)
    except Invalid:
        return


def _email(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text.strip()[:254], check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return ""


ROUTES = [route("POST", "/-/letters/{page}/{number:int}", subscribe)]
