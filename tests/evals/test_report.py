"""The report: it says what was measured, needs nothing else, and runs nothing."""

import re
from html.parser import HTMLParser

import pytest

from espalier.blueprint import read
from espalier.check.browser.driver import find
from espalier.check.browser.places import places
from espalier.check.subject import Subject
from espalier.config import Settings
from espalier.evals.folder import Folder
from espalier.evals.outcome import Outcome
from espalier.evals.prices import Price
from espalier.evals.report import write
from espalier.evals.report.figures import Side, command, section
from espalier.evals.report.pictures import Shown, show_all, snapshot
from espalier.evals.run import plan_of
from espalier.model.build import How

from .asked import DOGS, SHOP, loaded

TIMES = {"prompt": 0.2, "section": 0.8, "writing": 2.0, "judging": 0.1, "repair": 0.5, "total": 2.7}


class Parts(HTMLParser):
    """The tags of a page with what they point at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def outcome(endpoint: str, case: str, **more: object) -> Outcome:
    plain: dict = {
        "text": DOGS,
        "score": 0.9,
        "met": (True, True, False),
        "weights": (1, 1, 2),
        "seconds": TIMES,
        "tokens_out": 90,
    }
    return Outcome("apps", case, endpoint, **{**plain, **more})


@pytest.fixture
def kept(tmp_path) -> Folder:
    """A run of two endpoints: `ours` is right and quick, `theirs` is not."""
    chosen = loaded(tmp_path)
    folder = Folder(tmp_path / "run", plan_of(chosen, How(), 0, 0), ["ours", "theirs"])
    slow = {**TIMES, "total": 8.1}
    for one in (
        outcome("ours", "dogs", met=(True, True, True)),
        outcome("ours", "shop", met=(True, True, True), text=SHOP),
        outcome("theirs", "dogs", seconds=slow),
        outcome("theirs", "shop", text="</pre><script>alert(2)</script>", problems=("no <b>YAML</b>",), met=(False,) * 3, score=0, seconds=slow),
        Outcome("edits", "breed", "ours", text="x", after=DOGS, done=True, clean=True, seconds=TIMES),
        Outcome("edits", "breed", "theirs", text="x", after=DOGS, done=True, clean=False, strayed=("changed: app",), seconds=slow),
    ):  # fmt: skip
        folder.keep(one)
    return folder


def test_a_report_says_what_was_measured_and_needs_nothing_else(kept, tmp_path) -> None:
    path = write(kept, loaded(tmp_path), ["ours", "theirs"], "theirs", Settings(), pictures=0)
    page = path.read_text()
    parts = Parts(page)
    tags = [tag for tag, _ in parts.tags]
    assert "script" not in tags and "link" not in tags and "svg" in tags and tags.count("section") == 3
    for tag, said in parts.tags:
        for name in ("src", "href", "srcset", "data", "action"):
            assert (said.get(name) or "#").startswith(("#", "data:")), (tag, said)
    assert not re.search(r"url\(|@import", page)
    assert "alert(1)" in page and "&lt;script&gt;" in page, "what people and models wrote stands there as text"
    assert "+75.0" in page and "3.0×" in page  # (1 + 1)/2 less (0.5 + 0)/2; 8.1 s to 2.7 s
    assert "apps.jsonl --endpoint ours --endpoint theirs --baseline theirs" in page


def test_a_table_for_a_readme(kept, tmp_path) -> None:
    write(kept, loaded(tmp_path), ["ours", "theirs"], "theirs", Settings(), pictures=0)
    table = (kept.path / "table.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| `ours`")]
    assert (
        len(rows) == 2
        and "100.0 % (100.0–100.0)" in rows[0]
        and "+75.0 (+50.0 to +100.0)" in rows[0]
        and "| 3.0 |" in rows[0]
    )
    for line in table.splitlines():
        if line.startswith("|"):
            assert line.count("|") in {row.count("|") for row in table.splitlines() if row.startswith("|---")}


def test_figures(kept, tmp_path) -> None:
    apps = loaded(tmp_path)[0]
    sides = [
        Side(name, at, tuple(kept.kept(name, [apps]).values()), Price(second=0.001), name == "theirs")
        for at, name in enumerate(("ours", "theirs"))
    ]
    found = section(apps, sides)
    (against,) = found.against
    assert (
        against.side.name == "ours"
        and against.differences["met"].value == 0.75
        and against.faster.value == pytest.approx(3)
    )
    assert found.groups == [], "one case of each domain says nothing of domains"
    (ours, cells), (_, others) = found.rows
    assert ours.name == "ours" and cells[0].best and not others[0].best
    assert [reason.words for reason in found.failures[1].reasons] == ["cannot be read or started"]
    assert found.failures[1].worst[0][0].id == "shop" and not found.failures[0].reasons
    assert sum(found.stages[0][1]) == pytest.approx(2.7)


def test_an_endpoint_that_answered_nothing_is_left_out(kept, tmp_path) -> None:
    path = write(kept, loaded(tmp_path), ["ours", "nobody"], "ours", Settings(), pictures=0)
    assert "nobody" in path.read_text() and "| `nobody`" not in (kept.path / "table.md").read_text()


def test_endpoints_are_compared_on_what_all_were_asked(kept, tmp_path) -> None:
    """A run under way: the third has answered one question only, the one at which `theirs` is at its best."""
    apps = loaded(tmp_path)[0]
    kept.keep(outcome("third", "dogs"))
    sides = [
        Side(name, at, tuple(kept.kept(name, [apps]).values()), Price()) for at, name in enumerate(("theirs", "third"))
    ]
    found = section(apps, sides)
    assert found.asked == 1 and [len(side.outcomes) for side in found.sides] == [1, 1]
    assert found.rows[0][1][0].text == found.rows[1][1][0].text == "50.0 %"


def test_the_command_makes_the_same_run() -> None:
    plan = {"how": {"samples": 2, "grammar": False, "repair": True}, "limit": 5, "seed": 9}
    said = command(plan, ["dev"], ["small", "http://h/v1#a b"], "small", "runs/a")
    assert said == (
        "espalier eval --suite dev --endpoint small --endpoint 'http://h/v1#a b' --baseline small --samples 2 --no-grammar --limit 5 --seed 9 --out runs/a"
    )


def test_a_page_as_one_document() -> None:
    subject = Subject(read(SHOP), text=SHOP, seconds=20)
    page = snapshot(subject, places(subject)[0])
    subject.close()
    parts = Parts(page)
    assert "Bread" in page and "<style>" in page and "@font-face" not in page
    assert {tag for tag, _ in parts.tags}.isdisjoint({"script", "link"} - {"link"})
    for tag, said in parts.tags:
        if tag in ("img", "script", "iframe"):
            assert (said.get("src") or "data:").startswith("data:"), said
        if tag == "a":
            assert said.get("href") in ("#", "#main", None), said


@pytest.mark.browser
@pytest.mark.skipif(not find(), reason="no Chromium")
def test_pictures_of_apps() -> None:
    from io import BytesIO

    from PIL import Image

    shown = list(show_all([SHOP, "no blueprint", DOGS]))
    assert shown[1] == Shown()
    for one in (shown[0], shown[2]):
        import base64

        picture = Image.open(BytesIO(base64.b64decode(one.image.partition(",")[2])))
        assert picture.size == (720, 540) and len(picture.getcolors(1 << 20) or [1] * 99) > 10
    assert shown[0].who and len(shown[0].image) < 200_000
