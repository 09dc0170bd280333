"""What was forgotten goes from what was made of it: exports, pairs, Parquet; and adapters are named. On the command line, as an operator does."""

import hashlib
import json

import pyarrow
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from espalier.blueprint import print_blueprint, read
from espalier.cli import cli
from espalier.data.pairs import read_corpus
from espalier.data.traces import BuildTrace, Traces
from espalier.data.traces.forgetting import CannotForget, forget_in
from espalier.data.traces.pairs import pairs

APP = "app: Salon\ndata:\n  Dog:\n    name: text!\n    mail: email\npages:\n  Home:\n    - form: Dog\n"


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def data(tmp_path):
    """A data folder with four builds: kept, thumbed down, kept after an edit, and one without consent."""
    traces = Traces(tmp_path / "data" / "traces.db")
    text = print_blueprint(read(APP))
    given = {"prompt": "my name is Zenobia Quist, a dog salon", "blueprint": text, "score": 0.95}
    traces.keep_build(BuildTrace("kept", "ada", **given), True)
    traces.outcome("kept", "kept", candidate=1)
    traces.keep_build(BuildTrace("down", "ada", **given), True)
    traces.outcome("down", "published")
    traces.outcome("down", "thumbs", up=False, reason="the colours")
    traces.keep_build(BuildTrace("other", "bob", **given), True)
    traces.outcome("other", "published")
    traces.keep_build(BuildTrace("silent", "eve", **given), False)
    traces.outcome("silent", "kept")
    traces.close()
    return tmp_path / "data"


def dataset(folder, rows):
    folder.mkdir()
    schema = pyarrow.schema([(name, pyarrow.string()) for name in ("id", "prompt", "lineage")])
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), folder / "train.parquet")
    manifest = {
        "files": {"train.parquet": {"rows": len(rows), "sha256": digest(folder / "train.parquet"), "tokens": 9}}
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_pairs_are_of_what_was_kept_and_nobody_complained_about(data):
    traces = Traces(data / "traces.db")
    found = list(pairs(traces.traces()))
    assert [one["lineage"] for one in found] == ["kept", "other"]
    assert found[0]["prompt"] == "my name is Alex Reed, a dog salon" and read(found[0]["blueprint"]).app == "Salon"
    traces.close()


def test_an_edit_becomes_an_edit_of_what_it_was_asked_of(tmp_path):
    from espalier.blueprint.patch import derive, print_patch

    before, after = read(APP), read(APP.replace("mail: email", "mail: email\n    age: number"))
    traces = Traces(tmp_path / "traces.db")
    traces.keep_build(
        BuildTrace("e1", "ada", kind="edit", prompt="a dog salon", request="add the age", before=print_blueprint(before),
                   blueprint=print_blueprint(after), patch=print_patch(derive(before, after)), score=1.0), True
    )  # fmt: skip
    traces.outcome("e1", "kept", version=2)
    [line] = pairs(traces.traces())
    assert (
        line["edits"][0]["request"] == "add the age"
        and "age: number" in line["edits"][0]["patch"]
        and "age: number" not in line["blueprint"]
    )
    traces.close()


def test_the_chosen_of_two_candidates_is_learned(tmp_path):
    traces = Traces(tmp_path / "traces.db")
    for number in (1, 2):
        app = print_blueprint(read(APP.replace("Salon", f"Salon {number}")))
        traces.keep_build(
            BuildTrace("b", "ada", candidate=number, prompt="a dog salon", blueprint=app, score=1.0), True
        )
    traces.outcome("b", "compared", chosen=1, others=[2])
    traces.outcome("b", "published")
    assert read(next(pairs(traces.traces()))["blueprint"]).app == "Salon 1"
    traces.close()


def test_an_export_can_be_built_into_a_dataset_and_forgets(data, tmp_path):
    file = tmp_path / "out" / "mine.jsonl"
    file.parent.mkdir()
    assert run("traces", "export", file, "--pairs", "--data", data).exit_code == 0
    assert [pair.lineage for pair in read_corpus(file.parent)] == ["kept", "other"]
    said = run("traces", "forget", "--account", "ada", "--data", data)
    assert said.exit_code == 0 and "2 builds" in said.stderr
    [left] = read_corpus(file.parent)
    assert (left.id, left.lineage) == ("mine:2", "other"), "lines keep their numbers: others name them by it"
    assert run("traces", "show", "kept", "--data", data).exit_code == 1
    assert run("traces", "show", "other", "--data", data).exit_code == 0


def test_rows_made_from_rows_go_too_and_the_adapter_is_named(data, tmp_path):
    folder = tmp_path / "set"
    rows = [("mine:1", "kept"), ("mine:1+7", "mine:1"), ("mine:1+7!3", "mine:1+7"), ("mine:2", "other"), ("seed:1", "")]
    dataset(folder, [{"id": id, "prompt": f"prompt of {id}", "lineage": lineage} for id, lineage in rows])
    trained = digest(folder / "train.parquet")
    run("traces", "forget", "kept", "--data", data)

    adapter = data / "adapters" / "mine-1"
    adapter.mkdir(parents=True)
    told = {
        "name": "mine-1",
        "tier": "small",
        "base": {"name": "b", "sha256": "0"},
        "sha256": "0",
        "stages": [{"dataset": trained}],
    }
    (adapter / "manifest.json").write_text(json.dumps(told))
    said = run("data", "forget", folder, "--data", data)
    assert said.exit_code == 0 and "3 rows taken out, 2 left" in said.stdout and "mine-1 was trained on" in said.stdout
    assert pyarrow.parquet.read_table(folder / "train.parquet")["id"].to_pylist() == ["mine:2", "seed:1"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"]["train.parquet"] == {"rows": 2, "sha256": digest(folder / "train.parquet")}
    again = run("data", "forget", folder, "--data", data)
    assert "Nothing of the 1 forgotten" in again.stdout and "mine-1 was trained on" in again.stdout, "it still is"


def test_a_dataset_without_anything_forgotten_stays_byte_for_byte(tmp_path):
    dataset(tmp_path / "set", [{"id": "a", "prompt": "p", "lineage": "x"}])
    before = [file.read_bytes() for file in sorted((tmp_path / "set").iterdir())]
    assert forget_in(tmp_path / "set", {"y"}) == []
    assert [file.read_bytes() for file in sorted((tmp_path / "set").iterdir())] == before


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "bad.jsonl").write_text("{no json\n")
    with pytest.raises(CannotForget, match=r"bad\.jsonl cannot be read"):
        forget_in(tmp_path, {"x"})


def test_the_commands_tell_what_there_is(data):
    listed = run("traces", "list", "--data", data)
    assert "<NAME_1>" in listed.stdout and "Zenobia" not in listed.stdout and "(no consent" in listed.stdout
    stats = json.loads(run("traces", "stats", "--json", "--data", data).stdout)
    assert (stats["builds"], stats["with consent"], stats["thumbs up"], stats["liked"]) == (4, 3, 0.0, 0.75)
    missing = run("traces", "list", "--data", data / "nowhere")
    assert missing.exit_code == 1 and "--data" in missing.stderr
