"""What an app looks like, for a report: a picture of its first page, or where no browser is installed the page itself, all in one.

As the person whom the page is for, with the app's own sample records. Only apps that were judged to their end are opened here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from espalier.blueprint import BlueprintError, read
from espalier.check.browser.driver import BrowserDied, Driver, NoBrowser, driver
from espalier.check.browser.host import HEADER, Guest
from espalier.check.browser.places import places
from espalier.check.subject import Subject

if TYPE_CHECKING:
    from espalier.check.browser.places import Place

WIDTH, HEIGHT = 1440, 1080  # of the page that is shown, CSS pixels
SHOWN = 720  # of the picture, pixels
SECONDS = 20.0
LARGEST = 400_000  # characters of a picture or sheet that a page brings along
OUTSIDE = re.compile(r"""(src|href)=(["'])(/[^"']*)\2""")
SHEET = re.compile(r"""<link rel="stylesheet" href="(/[^"]*)"[^>]*>""")
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
FONT = re.compile(r"@font-face\s*\{[^}]*\}")


@dataclass(frozen=True)
class Shown:
    """An app's first page. image: a data URI; page: a whole HTML document, where there is no image; who: as whom it is seen. All empty when
    the app cannot be shown."""

    image: str = ""
    page: str = ""
    who: str = ""


def show_all(texts: Iterable[str]) -> Iterator[Shown]:
    """The first page of each app; one that cannot be shown says nothing."""
    browser = _browser()
    for text in texts:
        try:
            with _subject(text) as subject:
                yield _show(subject, browser)
        except BrowserDied:
            browser = _browser()
            yield Shown()
        except (BlueprintError, TimeoutError, ValueError, LookupError, OSError):
            yield Shown()


def _browser() -> Driver | None:
    try:
        return driver()
    except NoBrowser:
        return None


@contextmanager
def _subject(text: str) -> Iterator[Subject]:
    subject = Subject(read(text), text=text, seconds=SECONDS)
    try:
        yield subject
    finally:
        subject.close()


def _show(subject: Subject, browser: Driver | None) -> Shown:
    found = places(subject)
    if not found:
        return Shown()
    place = found[0]
    if browser is None:
        return Shown(page=snapshot(subject, place), who=place.named)
    picture = browser.run(_picture(browser, subject, place), SECONDS)
    return Shown(image="data:image/webp;base64," + base64.b64encode(_small(picture)).decode(), who=place.named)


async def _picture(browser: Driver, subject: Subject, place: Place) -> bytes:
    guest = Guest(subject, place.who)
    browser.host.admit(guest)
    tab = await browser.tab()
    good = False
    try:
        await tab.page.set_extra_http_headers({HEADER: guest.token})
        await tab.resize(WIDTH)
        await tab.page.goto(browser.host.url + place.url, wait_until="load", timeout=SECONDS * 500)
        await tab.page.wait_for_timeout(250)  # charts and pictures settle
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
        asked: dict[str, Any] = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        taken = await tab.session.send("Page.captureScreenshot", asked)
        good = True
        return base64.b64decode(taken["data"])
    finally:
        browser.host.dismiss(guest)
        await browser.free(tab, good=good)


def _small(picture: bytes) -> bytes:
    from PIL import Image

    image = Image.open(BytesIO(picture)).convert("RGB")
    image = image.resize((SHOWN, round(image.height * SHOWN / image.width)), Image.Resampling.LANCZOS)
    kept = BytesIO()
    image.save(kept, "WEBP", quality=78, method=6)
    return kept.getvalue()


def snapshot(subject: Subject, place: Place) -> str:
    """The page as one document that needs nothing else: sheets and pictures in it, scripts and links out of it."""

    def fetched(url: str) -> str:
        answer = subject.get(place.who, url.replace("&amp;", "&"))
        return answer.text if answer.status == 200 and len(answer.text) <= LARGEST else ""

    def sheet(found: re.Match[str]) -> str:
        return "<style>" + FONT.sub("", fetched(found[1])).replace("</", "<\\/") + "</style>"

    def inside(found: re.Match[str]) -> str:
        name, _, url = found.groups()
        if name == "href":
            return 'href="#"'
        body = fetched(url)
        data = base64.b64encode(body.encode()).decode() if body.lstrip().startswith("<svg") else ""
        return f'src="data:image/svg+xml;base64,{data}"' if data else f'alt="{escape(url)}"'

    html = SCRIPT.sub("", fetched(place.url))
    return OUTSIDE.sub(inside, SHEET.sub(sheet, html))
