"""Pictures of the pages that the measures of look are calibrated on: `tools/look_pages.py [NUMBER ...] [--out DIR]`.

tests/data/look/pages.json lists the pages: apps of the gallery and of the corpus, each as it is or made worse on purpose by
one of `WORSE` (CSS put into the page, or a script that changes it). Into DIR (build/look) go, for every page and width, a PNG
and the capture as JSON, and one sheet a page to look at: wide beside narrow, with its number only, so that whoever ranks it
is not told what was done to it. The order of the numbers is shuffled. Ranks are kept in tests/data/look/eye.json;
benchmarks/look.py compares them with the measures.
"""

import argparse
import json
import sys
import threading
from pathlib import Path

import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from espalier.blueprint import read
from espalier.check.browser.capture import WIDTHS, Box, Capture, Flaw
from espalier.check.browser.opening import KINDS, TALLEST, script
from espalier.runtime.app import App

sys.path.insert(0, str(Path(__file__).parent))
from contact_sheet import admin_cookie
from shots import ARGUMENTS

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests" / "data" / "look" / "pages.json"

WORDS = (
    "We have always believed that what we do should speak for itself, and that is why we have written down here "
    "everything that anybody could want to know about it, from the first day to the last, with all the details. "
)
EVERYTHING = "body *:not(svg *)"
#: What is done to a page to make it worse: CSS, or JavaScript when it starts with `(`.
WORSE = {
    "clash": ":root{--background:#ff4fd8!important;--surface:#b6ff00!important;--raised:#00e5ff!important;--sunken:#ff8c00!important;"
    "--primary:#00ff66!important;--text:#3b00ff!important;--muted:#a00000!important;--primary-text:#007a00!important;"
    "--accent:#ff0000!important} body{background:#ff4fd8} .button{background:#ffee00!important}",
    "centred": ".main *:not(svg *),.page-body *:not(svg *){text-align:center!important;justify-content:center!important;justify-items:center!important}",
    "gaps": ".main *:nth-child(3n){margin-top:37px!important} .main *:nth-child(5n+1){margin-bottom:61px!important}"
    " .main *:nth-child(4n+2){padding-left:23px!important} .main > *:nth-child(2n){margin-top:-40px!important}"
    " .main *:nth-child(7n){margin-top:3px!important}",
    "tiny": f"{EVERYTHING}{{font-size:9px!important;line-height:1.2!important}}",
    "wall": "() => { const main = document.querySelector('main'); const kept = [...main.children].slice(0, 1);"
    " const words = document.createElement('div'); words.innerHTML = ('<p>' + WORDS.repeat(14) + '</p>').repeat(6);"
    " main.replaceChildren(...kept, words); }",
    "nopictures": "img,svg.art,.art,canvas{display:none!important}",
    "sizes": "".join(
        f".main *:nth-child(11n+{at}){{font-size:{size}px!important}}"
        for at, size in enumerate((11, 26, 14, 19, 31, 12, 17, 22, 13, 28, 15), 1)
    ),
    "cramped": ".main,.main *:not(svg *){padding:1px!important;margin:0!important;gap:1px!important;line-height:1.05!important;min-height:0!important}",
    "empty": "() => { const main = document.querySelector('main'); [...main.children].slice(1).forEach((one) => one.remove()); }",
    "misaligned": ".main > *:nth-child(2n){margin-left:57px!important} .main > *:nth-child(3n){margin-left:-31px!important}"
    " .main > * > *:nth-child(2n) > *:nth-child(2n){transform:translate(19px,13px)} .main h2,.main h3{transform:translateX(27px)}"
    " .main li:nth-child(3n+2),.main article:nth-child(3n+2){transform:translate(-15px,21px)}"
    " .main > * > *:nth-child(3n+1){margin-left:33px!important}",
    "overlong": ".main{display:block!important;padding:8px!important} .main *:not(svg *){max-width:none!important}"
    " .main p,.main dd,.main li{width:100%!important} .main :is(ul,ol,.cards,.stack,.split,.grid){display:block!important}"
    " .main p::after{content:' " + WORDS * 2 + "'}",
    "huge": ".main *:not(svg *){font-size:34px!important} .main h1,.main h1 *{font-size:120px!important} .main h2,.main h2 *{font-size:88px!important}",
    "faint": ":root{--text:#b9b9b4!important;--muted:#cfcfca!important;--on-primary:#dddddd!important;--primary-text:#bdbdbd!important}"
    " body{color:#b9b9b4} .main *:not(svg *){color:#bdbdb8!important;opacity:0.95} .main{background:#e9e9e4!important}",
    "rainbow": "".join(
        f".main *:nth-child(6n+{at}):is(article,section,li,tr,td,div,h2,h3,p,span){{background:{colour}!important}}"
        for at, colour in enumerate(("#ffd400", "#ff5c5c", "#5cd6ff", "#8cff66", "#d38cff", "#ff9f1a"), 1)
    ),
    "flat": ".main *:not(svg *){font-size:16px!important;font-weight:400!important;letter-spacing:0!important;font-family:Arial,sans-serif!important;text-transform:none!important}",
    "frames": ".main *:not(svg *):not(option){border:3px solid currentColor!important;border-radius:0!important}",
    "sparse": ".main{row-gap:560px!important} .main > *{padding-block:180px!important} .main li,.main article{margin-bottom:220px!important}",
    "unstyled": "() => { document.querySelectorAll('link[rel=stylesheet], style').forEach((one) => one.remove()); }",
    "squeezed": ".main > *{grid-column:page!important;max-width:290px!important;justify-self:start!important} .main{padding-left:0!important}",
    "overlap": ".main > * + *{margin-top:-130px!important} .main li + li,.main article + article{margin-left:-60px!important;margin-top:-30px!important}",
    "shouting": ".main *:not(svg *){text-transform:uppercase!important;font-weight:900!important}"
    " .main p,.main label,.main a,.main .field-label{background:#ff2200!important;color:#ffff00!important}"
    " .main .button{background:#00c800!important;color:#fff!important} .main input,.main .input{background:#00e5ff!important}",
    "wide": ".main > *{min-width:1650px!important}",
    "grey": "() => { document.querySelectorAll('svg.art, main img').forEach((one) => { const box = one.getBoundingClientRect();"
    " const grey = document.createElement('div'); grey.style.cssText = `background:#c4c4c4;width:${box.width}px;height:${box.height}px`;"
    " one.replaceWith(grey); }); }",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", type=int, help="only these pages")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "look")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    pages = [page for page in json.loads(PAGES.read_text()) if not given.numbers or page["number"] in given.numbers]
    sources = {page["source"]: [one for one in pages if one["source"] == page["source"]] for page in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for source, of_source in sources.items():
            app(source, of_source, given.out, browser)


def app(source: str, pages: list[dict], out: Path, browser: Browser) -> None:
    started = App(read(blueprint(source)), name="look")
    server = uvicorn.Server(uvicorn.Config(started, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    started.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    cookie = admin_cookie(started)
    home = started.blueprint.page_list[0].slug
    for page in pages:
        address = "/" if page["page"] == home else f"/{page['page']}"
        for width in WIDTHS:
            picture(browser, started.base_url + address, cookie, page, width, out)
        sheet(page["number"], out)
        print(page["number"], source, page["page"], flush=True)
    server.should_exit = True
    thread.join(5)
    started.close()


def blueprint(source: str) -> str:
    """The text of `apps/salon.yaml`, or of line 8 of a file of pairs: `corpus/seed/pairs_4.jsonl:8`."""
    file, _, line = source.partition(":")
    text = (ROOT / file).read_text()
    return json.loads(text.splitlines()[int(line) - 1])["blueprint"] if line else text


def picture(browser: Browser, url: str, cookie: dict, page: dict, width: int, out: Path) -> None:
    # The page's own policy would keep out what is put into it to make it worse.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", color_scheme="light", bypass_csp=True
    )
    if page["who"] == "admin":
        context.add_cookies([cookie | {"url": url}])
    tab = context.new_page()
    answer = tab.goto(url, wait_until="load")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{url} of {page['source']} answers {answer and answer.status}")
    worse = WORSE.get(page["worse"], "")
    if worse.startswith("("):
        tab.evaluate(worse.replace("WORDS", json.dumps(WORDS)))
    elif worse:
        tab.add_style_tag(content=worse)
    tab.wait_for_timeout(350)
    seen = tab.evaluate(script("measure"))
    name = f"{page['number']:03}-{width}"
    high = min(seen["height"], TALLEST)
    tab.screenshot(path=out / f"{name}.png", full_page=True, clip={"x": 0, "y": 0, "width": width, "height": high})
    (out / f"{name}.json").write_text(json.dumps(seen))
    context.close()


def capture(number: int, width: int, out: Path) -> Capture:
    """What was written down of a page, as the measures take it."""
    page = next(page for page in json.loads(PAGES.read_text()) if page["number"] == number)
    seen = json.loads((out / f"{number:03}-{width}.json").read_text())
    flaws = [
        Flaw(kind, one["text"], one.get("title", ""), one.get("other", "")) for kind in KINDS for one in seen[kind]
    ]
    boxes = [Box(**box) for box in seen["boxes"]]
    return Capture(
        f"/{page['page']}", page["who"], width, seen["height"], boxes=boxes, too_wide=seen["too_wide"], flaws=flaws
    )


def sheet(number: int, out: Path) -> None:
    """Wide beside narrow, as much of both as fits on 1,400 pixels."""
    made = Image.new("RGB", (1130, 1400), "#7f7f7f")
    left = 0
    for width, shown in ((1440, 840), (375, 280)):
        with Image.open(out / f"{number:03}-{width}.png") as taken:
            high = round(taken.height * shown / taken.width)
            small = taken.convert("RGB").resize((shown, high), Image.Resampling.LANCZOS)
            made.paste(small.crop((0, 0, shown, min(high, 1400))), (left, 0))
        left += shown + 10
    ImageDraw.Draw(made).text((1095, 1380), str(number), fill="#ff00ff", font_size=18)
    made.save(out / f"sheet-{number:03}.png")


if __name__ == "__main__":
    main()
