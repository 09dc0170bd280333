"""The checks that look at apps in a real browser: each with what it must catch and what it must let pass."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from espalier.blueprint import read
from espalier.check.browser import driver as driving
from espalier.check.browser import opening
from espalier.check.browser.capture import Box, Capture, captures, opened, save_screenshots
from espalier.check.browser.contrast import ratio
from espalier.check.checks import checks
from espalier.check.report import Result
from espalier.check.subject import OutOfTime, Subject

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not any(map(shutil.which, driving.NAMES)), reason="needs an installed Chromium"),
]

GOOD = """\
app: Corner Clock
about: A shop that mends clocks
roles: [client, keeper]
data:
  Clock:
    name: text!
    price: money!
    status: Waiting | Mended = Waiting
    notes: long
access:
  Clock: {read: anyone, write: keeper}
pages:
  Home:
    - hero: Clocks that keep their word
      text: We mend what ticks.
      button: See them -> Bench
    - cards: Clock
  Bench (keeper):
    - table: Clock
      filter: [status]
    - form: Clock
  Counter:
    - custom: How many clocks?
      html: |
        <p><label>Clocks <input id="many" type="number" value="2"></label> <output id="sum"></output></p>
      js: |
        const show = () => sum.value = many.value * 35 + ' pounds';
        many.oninput = show; show();
seed:
  Clock:
    - Long case | 400
    - Carriage clock | 90 | Mended
"""


def custom(html: str = "", js: str = "", css: str = "", title: str = "Game") -> str:
    """An app of one page with one custom block."""
    parts = [
        f"      {name}: |\n" + "\n".join(f"        {line}" for line in code.splitlines()) + "\n"
        for name, code in (("html", html), ("js", js), ("css", css))
        if code
    ]
    return (
        "app: Play\ndata:\n  Score:\n    points: int!\naccess:\n  Score: {read: nobody, create: nobody}\npages:\n  Home:\n    - text: A page with a game on it, to be played.\n"
        f"    - custom: {title}\n" + "".join(parts)
    )


def page(text: str) -> str:
    """An app whose first page holds this Markdown."""
    return (
        "app: Words\ndata:\n  Note:\n    name: text!\naccess:\n  Note: {read: nobody, create: nobody}\npages:\n  Home:\n    - text: |\n"
        + "\n".join(f"        {line}" for line in text.splitlines())
        + "\n"
    )


def subject(text: str, **more: object) -> Subject:
    return Subject(read(text), text=text, **{"seconds": 60, **more})  # type: ignore[arg-type]


def results(text: str, **more: object) -> dict[str, Result]:
    tried = subject(text, **more)
    try:
        return {check.name: check.run(tried) for check in checks("browser")}
    finally:
        tried.close()


def whys(result: Result) -> str:
    return "; ".join(str(finding) for finding in result.findings)


@pytest.fixture(scope="module", autouse=True)
def afterwards():
    yield
    driving.close()


@pytest.fixture(scope="module")
def good() -> dict[str, Result]:
    return results(GOOD)


# --- what must pass -------------------------------------------------------------------------------------------------------


def test_a_good_app_passes_every_check(good):
    assert {name: whys(result) for name, result in good.items() if result.share not in (1, None)} == {}
    looked_at = {name for name, result in good.items() if result.looked_at}
    assert looked_at == {check.name for check in checks("browser")}, "every check had something to look at"


def test_pages_are_seen_at_both_widths_with_their_boxes_and_pictures(tmp_path: Path):
    tried = subject(GOOD, thorough=True)
    seen = captures(tried)
    assert {capture.width for capture in seen} == {375, 1440}
    assert {capture.page for capture in seen} >= {"/", "/bench", "/counter", "/clock/1"}
    assert next(capture for capture in seen if capture.page == "/bench").who == "keeper"
    home = next(capture for capture in seen if capture.page == "/" and capture.width == 1440)
    assert home.who == "anyone"
    heading = next(box for box in home.boxes if box.text == "Clocks that keep their word" and box.kind == "text")
    assert heading.font_size > 30
    assert heading.tag == "h1"
    assert heading.block == 0
    assert heading.color.startswith("#")
    assert heading.y + heading.height < home.height
    block = next(box for box in home.boxes if box.kind == "block" and box.block == 0)
    assert block.x <= heading.x
    assert block.y <= heading.y
    assert any(box.kind == "image" and box.width > 100 for box in home.boxes)
    assert any(box.kind == "control" and box.text == "See them" for box in home.boxes)
    assert any(box.kind == "card" for box in home.boxes)
    # What stands in a custom block is a part of its page.
    counter = [capture for capture in seen if capture.page == "/counter"]
    assert all(any(box.text == "70 pounds" and box.block >= 0 for box in capture.boxes) for capture in counter)
    written = save_screenshots(seen, tmp_path / "pictures")
    assert len(written) == len(seen)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)
    tried.close()


def test_the_data_is_as_it_was_afterwards():
    tried = subject(GOOD)
    tables = ("Clock", "User")
    tried.cast  # noqa: B018
    before = [tried.rows(tried.app.database.tables[name]) for name in tables]
    for check in checks("browser"):
        check.run(tried)
    assert [tried.rows(tried.app.database.tables[name]) for name in tables] == before
    tried.close()


@pytest.mark.parametrize(
    ("html", "js", "moved"),
    [
        ("<button id=b>0</button>", "let n = 0; b.onclick = () => { b.textContent = ++n; };", "click"),
        ("<label>Name <input id=i></label> <p id=p>-</p>", "i.oninput = () => { p.textContent = i.value; };", "typing"),
        (
            "<canvas id=c width=200 height=100></canvas>",
            "const d = c.getContext('2d'); let x = 9; const draw = () => { d.clearRect(0, 0, 200, 100); d.fillRect(x, 40, 9, 9); };"
            "draw(); addEventListener('keydown', (e) => { if (e.key === 'ArrowRight') { x += 20; draw(); } });",
            "keys",
        ),
        ("<p id=p>0</p>", "let n = 0; setInterval(() => { p.textContent = ++n; }, 20);", "itself"),
        ("<button id=b>Start</button> <p id=p>3</p>", "b.onclick = () => { setInterval(() => { p.textContent -= 1; }, 700); };", "click"),
    ],
    ids=["button", "input", "keys on a canvas", "clock", "timer"],
)  # fmt: skip
def test_a_custom_block_that_answers_is_alive(html: str, js: str, moved: str):
    tried = subject(custom(html, js))
    (played,) = [played for one in opened(tried) for played in one.played]
    assert (played.moved, played.hung, played.drawn) == (moved, False, True)
    assert played.title == "Game"
    assert next(check for check in checks("browser") if check.name == "living_blocks").run(tried).share == 1
    tried.close()


# --- what must be caught --------------------------------------------------------------------------------------------------

HELLO = "<button id=b>Go</button>"
CAUGHT = {
    "a custom block that never changes": (custom("<p>It works!</p>"), "living_blocks", "never changes"),
    "a button without a script": (custom(HELLO), "living_blocks", "answers to clicks"),
    "nothing drawn": (custom("<div></div>"), "living_blocks", "nothing to be seen"),
    "a script that throws": (custom(HELLO, "missing.call();"), "script_errors", "missing is not defined"),
    "a script that throws, for the block": (custom(HELLO, "missing.call();"), "living_blocks", "stops with"),
    "a script that throws when it is clicked": (custom(HELLO, "b.onclick = () => { gone(); };"), "script_errors", "gone is not defined"),
    "a script that asks the network": (custom(HELLO, "fetch('https://example.com/x').catch(() => 0);"), "script_errors", "refused"),
    "an alert that nobody sees": (custom(HELLO, "b.onclick = () => { alert('hello'); };"), "script_errors", "sandboxed"),
    "a button without a name": (custom("<button id=b></button>", "b.onclick = () => { b.title += 'x'; };"), "accessibility", "discernible text"),
    "a picture without words": (custom("<img width=20 height=20 src='data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='>"), "accessibility", "alternative text"),
    "wider than a phone": (custom("<p style='width:600px;background:#eee;color:#111'>wide</p>"), "sideways", "wider"),
    "grey on grey": (custom("<p>Hardly here</p>", css="body { background: #888; } p { color: #999; }"), "contrast", "Hardly here"),
    "white on a pale picture": (
        custom("<div>Lost in snow</div>", css="div { background: linear-gradient(#fff, #eee); color: #fff; padding: 2rem; font-size: 1rem; }"),
        "contrast",
        "stands on a picture",
    ),
    "words over words": (
        custom("<p>The first line of words</p><p style='margin-top:-2.2rem'>Another line of them</p>"),
        "fitting_words",
        "lies over",
    ),
    "words cut off": (custom("<p style='width:6rem;overflow:hidden;white-space:nowrap'>A long line that is cut in the middle</p>"), "fitting_words", "cut off"),
    "words out of their card": (
        custom("<div style='width:7rem;border:1px solid #333'><p style='white-space:nowrap'>A long line that leaves its card</p></div>"),
        "fitting_words",
        "out of its card",
    ),
    "a link to a place that is not on the page": (page("[Down](#nowhere)"), "dead_controls", "#nowhere"),
    "a link to a page that is not there": (page("[Away](/nowhere)"), "dead_controls", "status 404"),
    "a block that keeps Tab": (
        custom("<input id=i aria-label=Move>", "i.onkeydown = (event) => event.preventDefault();"),
        "keyboard",
        "does not get beyond",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "words"), CAUGHT.values(), ids=CAUGHT.keys())
def test_it_is_caught(text: str, name: str, words: str):
    result = results(text, thorough=name in ("keyboard", "dead_controls"))[name]
    assert result.state == "failed"
    assert words in whys(result)


def test_what_does_not_arrive_is_told():
    driving.close()  # with all it has kept of other apps
    tried = subject(page("All is well here."))
    answered = tried.app.respond

    def without_scripts(visit):
        if visit.path.endswith("/app.js"):
            visit.path = "/static/gone.js"
        return answered(visit)

    tried.app.respond = without_scripts  # type: ignore[method-assign]
    result = next(check for check in checks("browser") if check.name == "failed_requests").run(tried)
    tried.close()
    assert "app.js" in whys(result)
    assert "404" in whys(result)


def test_ellipsis_and_scrolling_are_no_faults():
    html = (
        "<p style='width:6rem;overflow:hidden;white-space:nowrap;text-overflow:ellipsis'>A long line that is shortened</p>"
        "<div style='width:6rem;overflow:auto;white-space:nowrap'>A long line that can be scrolled</div>"
        "<button id=b>0</button>"
    )
    found = results(custom(html, "b.onclick = () => { b.textContent = 'done'; };"))
    assert found["fitting_words"].share == 1
    assert found["sideways"].share == 1


def test_contrast_is_as_the_standard_says():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


# --- what must not hold it up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "js",
    [
        "while (true) {}",
        "b.onclick = () => { for (;;) {} };",
        "const again = () => Promise.resolve().then(again); again();",
    ],
    ids=["at once", "when clicked", "one promise after another"],
)
def test_an_endless_loop_is_a_finding_and_the_next_app_is_looked_at(js: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "LOAD_SECONDS", 3)
    found = results(custom(HELLO, js))
    assert "does not come to an end" in whys(found["living_blocks"]) + whys(found["complete_pages"])
    assert "failed" in (found["complete_pages"].state, found["living_blocks"].state)
    assert results(page("All is well here."))["complete_pages"].share == 1


def test_a_browser_that_dies_is_a_finding_and_the_next_app_gets_a_fresh_one():
    tried = subject(GOOD)
    before = driving.driver()
    answered = tried.app.respond
    asked = []

    def and_then_it_dies(visit):
        asked.append(visit.path)
        if len(asked) == 4:
            os.kill(before.pid, signal.SIGKILL)
        return answered(visit)

    tried.cast  # noqa: B018
    from espalier.check.browser.places import places

    places(tried)  # these visits are not from the browser
    tried.app.respond = and_then_it_dies  # type: ignore[method-assign]
    result = next(check for check in checks("browser") if check.name == "complete_pages").run(tried)
    tried.close()
    assert "the browser died" in whys(result)
    assert not before.alive
    assert results(page("All is well here."))["complete_pages"].share == 1
    assert driving.driver().pid != before.pid


def test_a_wedged_loop_is_given_up():
    """The process of the browser is stopped, not ended: nothing answers any more."""
    before = driving.driver()
    os.kill(before.pid, signal.SIGSTOP)
    tried = subject(page("Waiting."), seconds=3)
    with pytest.raises(OutOfTime):
        opened(tried)
    with pytest.raises(OutOfTime):
        opened(tried)
    tried.close()
    assert results(page("All is well here."))["complete_pages"].share == 1


def test_without_a_browser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    driving.close()
    monkeypatch.setattr(driving, "NAMES", ())
    monkeypatch.setattr(driving, "ELSEWHERE", ())
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    with pytest.raises(driving.NoBrowser, match="apt-get install chromium"):
        driving.driver()


def test_a_capture_without_a_picture_does_not_trip_the_checks():
    from espalier.check.browser.contrast import _faint

    capture = Capture("/", "anyone", 375, 800, boxes=[])
    box = Box("text", "p", 0, 0, 10, 10, text="words", color="#ffffff", over_picture=True)
    assert _faint(box, capture) == ""
    assert "contrast" in _faint(replace(box, background="#fefefe"), capture)
