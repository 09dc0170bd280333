"""Apps that hang, eat memory or are no apps at all: each ends in bounded time, with a report that says so."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from espalier.check.bounded import Case, Pool, judge_bounded
from espalier.check.judge import judge
from espalier.check.report import Report
from espalier.check.requirements import Rubric

APPS = Path(__file__).parents[2] / "apps"
SMALL = (Path(__file__).parents[2] / "src/espalier/starter.yaml").read_text()
OPEN = "access: {default: {read: anyone, write: anyone}}\n"


@pytest.fixture(scope="module")
def pool():
    with Pool(1, memory=200_000_000) as pool:
        yield pool


def heavy(blocks: int = 40) -> str:
    """Pages of tables, each of whose rows asks all rows again, and once more for their order: minutes of work."""
    lines = ["app: Heavy", "data:", "  Log:", "    name: text!", "    day: date", "    size: int"]
    lines += [
        "    run: int = streak(Log.day where size >= this.size)",
        "    more: int = sum(Log.size where size >= this.size)",
    ]
    lines += [OPEN.rstrip(), "pages:", "  Home:"]
    lines += ["    - table: Log", "      show: [name, run, more]", "      sort: -more"] * blocks
    lines += ["seed:", "  Log:", *(f"    - n{at} | -{at} days | {at}" for at in range(200))]
    return "\n".join(lines) + "\n"


def largest() -> str:
    """As much of everything as the language takes at once: entities, fields, pages, blocks, rows."""
    lines = ["app: Giant", "data:"]
    for entity in range(60):
        lines += [f"  E{entity}:", *(f"    f{field}: text" for field in range(60))]
    lines += [OPEN.rstrip(), "pages:"]
    for page in range(60):
        lines += [f"  P{page}:", *(f"    - table: E{(page + block) % 60}" for block in range(40))]
    lines += ["seed:"]
    for entity in range(60):
        lines += [f"  E{entity}:", *["    - a"] * 200]
    return "\n".join(lines) + "\n"


def test_the_report_is_the_judges_own(pool):
    text = (APPS / "salon.yaml").read_text()
    ours, theirs = pool.submit(Case(text)).result(), judge(text)
    assert [(one.name, one.share, one.findings) for one in ours.results] == [
        (one.name, one.share, one.findings) for one in theirs.results
    ]
    assert ours.score == theirs.score
    assert ours.app == "Coil & Crown"


def test_options_reach_the_judge(pool):
    rubric = Rubric()
    part = pool.submit(Case(SMALL, "a list of books", rubric.model_dump())).result()
    whole = pool.submit(Case(SMALL, thorough=True)).result()
    assert not part.problems
    assert sum(one.looked_at for one in whole.results) >= sum(one.looked_at for one in part.results)


def test_the_shared_pool_takes_a_blueprint_that_is_read_already():
    from espalier.blueprint import read

    assert judge_bounded(read(SMALL)).score == judge(SMALL).score


def test_what_takes_too_long_keeps_what_was_found(pool):
    report = pool.submit(Case(heavy(), seconds=0.5)).result()
    assert report.unfinished.startswith("out of time: more than 0.5 s, at ")
    assert report.score == 0
    assert report.group("static")
    assert report.app == "Heavy"


def test_automations_that_set_each_other_off_come_to_an_end(pool):
    report = pool.submit(
        Case(
            "app: Loops\ndata:\n  Aa:\n    n: int = 0\n  Bb:\n    n: int = 0\n"
            + OPEN
            + "pages:\n  Home:\n    - form: Aa\n"
            "    - table: Aa\n    - table: Bb\nautomations:\n  when Aa created: create Bb\n  when Bb created: create Aa\n"
            "  when Aa updated: n = n + 1\n  when Bb updated: n = n + 1\n"
        )
    ).result()
    assert not report.unfinished
    assert not report.problems


def test_the_largest_blueprint_ends_in_time(pool):
    text = largest()
    assert len(text) < 256 * 1024
    report = pool.submit(Case(text, seconds=2)).result()
    assert report.unfinished or report.results


def test_an_expression_that_doubles_is_refused(pool):
    fields = "".join(f"    v{at}: int = v{at - 1} + v{at - 1} + v{at - 1}\n" for at in range(1, 30))
    report = pool.submit(
        Case(f"app: Twice\ndata:\n  Aa:\n    v0: int\n{fields}pages:\n  Home:\n    - table: Aa\n")
    ).result()
    assert "too heavy" in report.problems[0]


def test_a_memory_hog_meets_its_limit():
    with Pool(1, memory=3_000_000, warm=True) as small:
        report = small.submit(Case(largest())).result()
        assert report.unfinished.startswith("out of memory")
        assert small.submit(Case(SMALL)).result().problems == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\x00\x01\x02", "control character"),
        ("app: x\n" * 60_000, "too large"),
        ("x" * 100_000_000, "too large"),
        ("&a [*a]", ""),
        ("a: &a [1]\nb: [*a, *a]\n" + "x: y\n", ""),
        ("app: [" + "[" * 5_000, ""),
        ("\ud800", ""),
        ("just words", ""),
    ],
)
def test_what_is_no_blueprint_is_a_problem(pool, text, words):
    report = pool.submit(Case(text)).result()
    assert report.problems
    assert words in report.problems[0]
    assert report.score == 0
    assert not report.unfinished


def test_what_crashes_the_reader_costs_no_more_than_its_worker(pool):
    """A hundred thousand open brackets: more than the stack of the YAML parser, which is C, may hold."""
    report = pool.submit(Case("[" * 100_000)).result()
    assert report.problems or "SIGSEGV" in report.unfinished
    assert pool.submit(Case(SMALL)).result().results


def test_a_prompt_as_long_as_a_book(pool):
    report = pool.submit(Case(SMALL, "A shop with orders, customers and a red look. " * 2_200)).result()
    assert not report.unfinished
    assert not report.problems
    assert report.group("asked")


@pytest.mark.parametrize(
    "rubric",
    [
        {"requirements": 7},
        {"requirements": [{"kind": "no such kind"}]},
        {"requirements": [[]]},
        {"no": "rubric"},
        {"requirements": [{}] * 10_000},
    ],
)
def test_a_weird_rubric_is_a_problem(pool, rubric):
    report = pool.submit(Case(SMALL, "", rubric)).result()
    assert report.problems[0].startswith("the rubric cannot be read: ")
    assert len(report.problems[0]) < 1_000


def _under_way(pool: Pool, text: str, seconds: float) -> Future[Report]:
    """A case at which the worker is: it has used the processor for a while since it was given."""
    before = _used(pool.processes()[0])
    future = pool.submit(Case(text, seconds=seconds))
    while _used(pool.processes()[0]) < before + 0.1:
        assert not future.done()
        time.sleep(0.02)
    return future


def _used(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (signal.SIGKILL, "killed by SIGKILL (out of memory, or killed from outside)"),
        (signal.SIGSEGV, "killed by SIGSEGV (a crash in C code)"),
    ],
)
def test_a_worker_that_dies_is_reported_and_replaced(pool, sent, words):
    pool.submit(Case(SMALL)).result()
    future = _under_way(pool, heavy(), 30)
    died = pool.processes()[0]
    os.kill(died, sent)
    assert words in future.result().unfinished
    assert pool.submit(Case(SMALL)).result().results
    assert pool.processes() != [died]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_what_hears_nothing_any_more_is_killed(pool):
    """Stopped, a worker looks at no clock and gets no alarm: as in a loop in C."""
    pool.submit(Case(SMALL)).result()
    future = _under_way(pool, heavy(), 4)
    os.kill(pool.processes()[0], signal.SIGSTOP)
    report = future.result()
    assert "had to be killed" in report.unfinished
    assert pool.submit(Case(SMALL)).result().results


def test_cancelling_ends_the_work(pool):
    pool.submit(Case(SMALL)).result()
    before = pool.processes()
    future = _under_way(pool, heavy(), 60)
    assert future.cancel()
    assert pool.submit(Case(SMALL)).result().results  # long before a minute is over
    assert pool.processes() != before


def test_many_come_in_order_and_a_bad_one_holds_up_no_other():
    texts = [SMALL, "no app", heavy(), SMALL, (APPS / "tasks.yaml").read_text()]
    with Pool(2) as two:
        reports = list(two.judge_all(Case(text, seconds=0.5 if "Heavy" in text else 60) for text in texts))
    assert [report.app for report in reports][1:] == ["", "Heavy", reports[0].app, "Running Order"]
    assert [bool(report.unfinished) for report in reports] == [False, False, True, False, False]
    assert reports[1].problems


def test_only_a_little_is_read_ahead():
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield Case("no app")

    with Pool(1, warm=False) as one:
        reports = one.judge_all(endless())
        assert next(reports).problems
        reports.close()
    assert len(taken) <= 60


def test_workers_are_replaced_after_so_many_apps():
    with Pool(1, apps=3, warm=False) as one:
        seen = set()
        for _ in range(8):
            one.submit(Case("no app")).result()
            seen.update(one.processes())
    assert len(seen) >= 3


def test_a_pool_leaves_no_process_behind():
    one = Pool(1, warm=False)
    one.submit(Case("no app")).result()
    pids = one.processes()
    assert pids
    one.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_from_many_threads_at_once(pool):
    """As the studio asks: several builds share the workers."""
    scores: list[float] = []
    threads = [
        threading.Thread(target=lambda: scores.append(pool.submit(Case(SMALL)).result().score)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scores == [judge(SMALL).score] * 4


def test_the_callers_script_is_not_run_again(tmp_path):
    import subprocess
    import sys

    script = tmp_path / "train.py"
    script.write_text(
        "print('once')\nfrom espalier.check.bounded import judge_bounded\nprint(judge_bounded('no app').score)\n"
    )
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert ran.stdout.split() == ["once", "0.0"], ran.stderr


def test_a_process_can_forget_the_apps_it_has_judged():
    from espalier.runtime.storage import forget
    from espalier.runtime.storage.database import _compiled
    from espalier.runtime.storage.tables import _tables_of

    score = judge(SMALL).score
    assert _compiled()
    assert _tables_of.cache_info().currsize
    forget()
    assert not _compiled()
    assert not _tables_of.cache_info().currsize
    assert judge(SMALL).score == score


def test_a_pool_without_its_server_of_forks_makes_another():
    from multiprocessing import forkserver

    with Pool(1, warm=False) as one:
        assert one.submit(Case("no app")).result().problems
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while one.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert one.submit(Case("no app")).result().problems
