"""Fills the look's Shell for one visit: navigation, who is signed in, the account menu, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .look.shell import Flash, Link, Shell, Visitor
from .pages import address, pages_for

if TYPE_CHECKING:
    from .visit import Visit


def shell_for(visit: Visit) -> Shell:
    """The page around the blocks, for this visitor."""
    from .people.notifications import unread

    app = visit.app
    person = visit.visitor
    signed_in = person.id is not None
    waiting = unread(visit) if signed_in else 0
    return Shell(
        name=app.blueprint.app,
        about=app.blueprint.about,
        theme=app.theme,
        nav=tuple(
            Link(page.name, url, current=url == visit.url(visit.path))
            for page in pages_for(visit)
            for url in [address(visit, page)]
        ),
        visitor=Visitor(person.name, _avatar(visit), person.email, person.role) if signed_in else None,
        account=tuple(_account(visit, waiting)) if signed_in else (),
        waiting=waiting,
        waiting_url=visit.url("/notifications") if signed_in else "",
        sign_in=None if signed_in else visit.url("/login"),
        sign_up=None if signed_in or app.blueprint.signup == "invite" else visit.url("/signup"),
        csrf=visit.csrf,
        flashes=tuple(_said(visit)),
        root=visit.root,
        assets=visit.url("/static"),
        theme_url=visit.url("/theme.css", v=app.theme_mark),
    )


def _said(visit: Visit) -> list[Flash]:
    """What is to be said once; to the admin also, on every page, that a newer blueprint waits to be mended."""
    said = [Flash(words, tone) for words, tone in visit.take_flashes()]
    if visit.app.problems and visit.visitor.is_admin:
        words = f"The changed blueprint could not be used, so the version before it runs: {visit.app.problems[0]}"
        said.insert(0, Flash(words[:400], "danger"))
    return said


def _avatar(visit: Visit) -> str | None:
    avatar = visit.visitor.avatar
    return visit.url(f"/files/{avatar}") if avatar else None


def _account(visit: Visit, waiting: int) -> list[Link]:
    links = [
        Link("Account", visit.url("/account"), icon="user"),
        Link(f"Notifications ({waiting})" if waiting else "Notifications", visit.url("/notifications"), icon="bell"),
    ]
    if visit.visitor.is_admin:
        links.append(Link("Admin", visit.url("/admin"), icon="settings"))
    return [*links, Link("Sign out", visit.url("/logout"), icon="log-out", post=True)]
