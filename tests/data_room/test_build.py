"""Building datasets: the same bytes twice, every row proven, nothing contaminated, what belongs together on one side."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from espalier.blueprint import read
from espalier.blueprint.patch import apply, read_patch
from espalier.check.judge import judge
from espalier.check.requirements import Rubric
from espalier.cli import cli
from espalier.data.build import SCHEMA, Contaminated, Plan, build, part_of
from espalier.data.decontaminate import suites
from espalier.data.memory import Memory
from espalier.data.pairs import Pair

from .conftest import CORPUS


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    lines = (CORPUS / "pairs_1.jsonl").read_text("utf-8").splitlines()
    (folder / "pairs_1.jsonl").write_text("\n".join([lines[2], *lines[4:12]]) + "\n")
    return folder


@pytest.fixture(scope="module")
def plan(corpus: Path) -> Plan:
    return Plan(corpus, generated=10, recombined=3, edits=0.6, repaired=3, meaning=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory, plan: Plan):
    folder = tmp_path_factory.mktemp("built")
    memory = Memory(folder / "memory.sqlite")
    manifest = build(folder / "one", plan, memory=memory)
    memory.close()
    return folder, manifest


def rows(folder: Path) -> list[dict]:
    return [
        row
        for part in ("train", "validation")
        for row in pyarrow.parquet.read_table(folder / f"{part}.parquet").to_pylist()
    ]


def test_the_same_sources_give_the_same_bytes(built, plan: Plan, tmp_path: Path):
    folder, _ = built
    # From nothing, without what the first build remembered.
    build(tmp_path / "two", plan, memory=Memory(tmp_path / "memory.sqlite"))
    for name in ("train.parquet", "validation.parquet", "manifest.json"):
        assert (tmp_path / "two" / name).read_bytes() == (folder / "one" / name).read_bytes(), name


def test_another_seed_gives_other_rows(built, plan: Plan, tmp_path: Path):
    folder, _ = built
    build(tmp_path / "two", replace(plan, seed=1), memory=Memory(tmp_path / "memory.sqlite"))
    assert (tmp_path / "two" / "train.parquet").read_bytes() != (folder / "one" / "train.parquet").read_bytes()


def test_the_manifest_tells_what_is_there(built):
    folder, manifest = built
    found = rows(folder / "one")
    counts = manifest["counts"]
    assert counts["rows"] == len(found) == sum(file["rows"] for file in manifest["files"].values())
    assert counts["by source"] == {"corpus": 9, "generated": 10, "recombined": 3, "repair": 3}
    assert counts["by kind"] == {"edits": 3, "pair": 22}
    assert counts["edits"] == sum(len(row["edits"]) for row in found)
    assert manifest["licences"] == {"Apache-2.0": 25}
    assert set(manifest["sources"]) == {"pairs_1.jsonl"}
    assert manifest["diversity"]["generated"]["names of entities"] > 5
    assert json.loads((folder / "one" / "manifest.json").read_text()) == manifest
    assert pyarrow.parquet.read_schema(folder / "one" / "train.parquet").equals(SCHEMA)


def test_every_row_holds(built):
    folder, _ = built
    for row in rows(folder / "one"):
        blueprint = read(row["blueprint"])
        for edit in row["edits"]:
            after = apply(blueprint, read_patch(edit["patch"]))
            if row["kind"] == "pair":
                assert not [one for one in judge(after).failed if one.group != "asked"]
        if row["rubric"]:
            rubric = Rubric.model_validate_json(row["rubric"])
            assert judge(blueprint, row["prompt"], rubric).fine, row["id"]


def test_a_repair_tells_what_the_check_finds_and_mends_it(built):
    folder, _ = built
    for row in rows(folder / "one"):
        if row["source"] == "repair":
            (edit,) = row["edits"]
            assert edit["request"].startswith("Repair:\n")
            found = {str(finding) for one in judge(row["blueprint"], row["prompt"]).failed for finding in one.findings}
            assert set(edit["request"].splitlines()[1:]) <= {" ".join(one.split()) for one in found}
            assert judge(apply(read(row["blueprint"]), read_patch(edit["patch"])), row["prompt"]).fine


def test_what_belongs_together_is_on_one_side():
    one = Pair("generated_0:1", "", "", domain="bakery", source="generated")
    for other in (
        replace(one, id="generated_0:2"),
        replace(one, id="generated_0:1!4", source="repair"),
    ):
        assert part_of(one) == part_of(other)
    seed = Pair("pairs_1:3", "", "", source="corpus")
    assert (
        part_of(seed)
        == part_of(replace(seed, id="pairs_1:3+7", source="recombined"))
        == part_of(replace(seed, id="pairs_1:3!7", source="repair"))
    )
    parts = [part_of(replace(seed, id=f"pairs_1:{number}")) for number in range(1000)]
    assert 15 < parts.count("validation") < 80


def test_a_row_of_an_evaluation_fails_the_build_or_is_left_out(corpus: Path, tmp_path: Path):
    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder)
    line = json.loads((folder / "pairs_1.jsonl").read_text().splitlines()[1])
    stolen = json.loads(next(file for file in suites() if file.stem == "gallery").read_text().splitlines()[0])["prompt"]
    request = json.loads(next(file for file in suites() if file.stem == "edits").read_text().splitlines()[0])["request"]
    bad = [
        {**line, "prompt": stolen.upper()},
        {**line, "prompt": "a quite other thing", "edits": [{"request": request, "patch": "app: Other"}]},
        {**line, "prompt": "a site for our winery with wines and tastings"},
    ]
    (folder / "bad_1.jsonl").write_text("".join(json.dumps(one) + "\n" for one in bad))
    plan = Plan(folder, generated=0, recombined=0, edits=0, repaired=0, meaning=False)
    memory = Memory(tmp_path / "memory.sqlite")
    with pytest.raises(Contaminated) as caught:
        build(tmp_path / "out", plan, memory=memory)
    assert set(caught.value.rows) == {"bad_1:1", "bad_1:2", "bad_1:3"}
    assert "bad_1:3: is of a held-out domain (winery)" in str(caught.value)
    assert not (tmp_path / "out").exists()
    manifest = build(tmp_path / "out", replace(plan, drop=True), memory=memory)
    assert len(manifest["left out"]) == 3
    assert {row["id"] for row in rows(tmp_path / "out")} == {f"pairs_1:{number}" for number in range(1, 10)}


def test_on_the_command_line(corpus: Path, tmp_path: Path):
    options = [
        "--corpus",
        str(corpus),
        "--generated",
        "0",
        "--recombined",
        "0",
        "--edits",
        "0",
        "--repaired",
        "0",
        "--no-meaning",
    ]
    done = CliRunner().invoke(
        cli, ["data", "build", str(tmp_path / "out"), *options, "--memory", str(tmp_path / "memory.sqlite")]
    )
    assert done.exit_code == 0, done.output
    assert len(rows(tmp_path / "out")) == 9
    (corpus / "pairs_2.jsonl").write_text("{\n")
    failed = CliRunner().invoke(
        cli, ["data", "build", str(tmp_path / "two"), *options, "--memory", str(tmp_path / "memory.sqlite")]
    )
    (corpus / "pairs_2.jsonl").unlink()
    assert failed.exit_code == 1
    assert "pairs_2.jsonl:1: is not JSON" in failed.output
