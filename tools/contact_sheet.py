"""Pictures of every page of every app, at two widths, put together on sheets: `tools/contact_sheet.py [APP ...] [--out DIR]`.

    .venv/bin/python tools/contact_sheet.py                    # the whole gallery, into build/sheet
    .venv/bin/python tools/contact_sheet.py apps/salon.yaml    # one app

Each app runs in memory with its seed; its administrator visits every page, the page of one record of each entity, and the
form that makes one. Reports script errors, failed requests and pages wider than their window.
"""

import argparse
import sys
import threading
from pathlib import Path

import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

from espalier.blueprint import read
from espalier.runtime.app import App
from espalier.runtime.people import accounts, passwords, sessions
from espalier.runtime.visit import Visit

sys.path.insert(0, str(Path(__file__).parent))
from shots import ARGUMENTS

ROOT = Path(__file__).parents[1]
WIDTHS = (1440, 375)
THUMB = {1440: (480, 620), 375: (160, 620)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*", type=Path, default=sorted((ROOT / "apps").glob("*.yaml")))
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "sheet")
    parser.add_argument("--dark", action="store_true", help="the other mode than the app's own")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for path in given.apps:
            one(path, given.out, browser, given.dark)


def one(path: Path, out: Path, browser, dark: bool) -> None:
    app = App(read(path.read_text()), name=path.stem)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app.base_url = address
    cookie = admin_cookie(app)
    pictures: list[tuple[str, dict[int, Path]]] = []
    for name, way in addresses(app):
        taken = {}
        for width in WIDTHS:
            scheme = "dark" if dark else "light"
            context = browser.new_context(
                viewport={"width": width, "height": 900}, reduced_motion="reduce", color_scheme=scheme
            )
            context.add_cookies([cookie | {"url": address}])
            page = context.new_page()
            listen(page, f"{path.stem} {name} {width}")
            page.goto(address + way, wait_until="load")
            page.wait_for_timeout(300)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                print(f"{path.stem} {name} at {width}: {wide} px too wide")
            taken[width] = out / f"{path.stem}-{name}-{width}.png"
            page.screenshot(path=taken[width], full_page=True)
            context.close()
        pictures.append((name, taken))
    sheet(pictures).save(out / f"{path.stem}.png")
    print(out / f"{path.stem}.png")
    server.should_exit = True
    thread.join(5)
    app.close()


def listen(page: Page, where: str) -> None:
    page.on("console", lambda message: print(f"{where}: console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: print(f"{where}: script: {error}"))


def admin_cookie(app: App) -> dict[str, str]:
    with app.database.write() as connection:
        id = accounts.create(
            app,
            connection,
            name="Ada Admin",
            email="ada@example.com",
            role="admin",
            password=passwords.make("correct horse battery"),
        )
    visit = Visit(app)
    sessions.start(visit, id)
    cookie = next(cookie for cookie in visit.new_cookies if cookie.value)
    return {"name": cookie.name, "value": cookie.value}


def addresses(app: App) -> list[tuple[str, str]]:
    """Every page, one record of each entity that has any, the form of the first entity, and the admin's own page."""
    pages = app.blueprint.page_list
    found = [(page.slug, "/" if page is pages[0] else f"/{page.slug}") for page in pages if not page.each]
    records = Visit(app, visitor=admin(app)).records
    for at, entity in enumerate(app.blueprint.data):
        if entity == "User":
            continue
        slug = app.entity_slugs[entity]
        if some := records.query(entity, show=(), limit=1, count=False).records:
            found.append((f"{slug}-one", f"/{slug}/{some[0].id}"))
        if at == 0:
            found.append((f"{slug}-new", f"/{slug}/new"))
    return [*found, ("admin", "/admin")]


def admin(app: App):
    from espalier.runtime.access import Visitor

    return Visitor(id=1, name="Ada Admin", email="ada@example.com", role="admin")


def sheet(pictures: list[tuple[str, dict[int, Path]]]) -> Image.Image:
    """The pictures in rows of two pages, each wide beside narrow, cut at the foot."""
    cell = (THUMB[1440][0] + THUMB[375][0] + 24, THUMB[1440][1] + 34)
    rows = (len(pictures) + 1) // 2
    made = Image.new("RGB", (cell[0] * 2 + 24, cell[1] * rows + 16), "#d9d9d9")
    draw = ImageDraw.Draw(made)
    for at, (name, taken) in enumerate(pictures):
        left, top = 12 + (at % 2) * (cell[0] + 6), 8 + (at // 2) * cell[1]
        draw.text((left, top), name, fill="#333333")
        for width in WIDTHS:
            with Image.open(taken[width]) as picture:
                scale = THUMB[width][0] / picture.width
                small = picture.convert("RGB").resize((THUMB[width][0], max(1, round(picture.height * scale))))
                made.paste(small.crop((0, 0, small.width, min(small.height, THUMB[width][1]))), (left, top + 16))
            left += THUMB[1440][0] + 8
    return made


if __name__ == "__main__":
    main()
