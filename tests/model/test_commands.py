"""The commands, as people give them."""

from __future__ import annotations

from espalier.blueprint.reader import read
from espalier.config import Settings
from espalier.model import store
from espalier.model.bases import base
from tests.model.command_line import espalier, flat
from tests.model.openai_server import saying, serving
from tests.model.test_adapters import make
from tests.samples import SMALL


def test_list_says_what_is_here_and_what_to_do(here, adapters, monkeypatch):
    make(here / "espalier-data" / "adapters" / "red", adapters["red"])
    (here / "espalier-data" / "adapters" / "odd").mkdir()
    said = flat(espalier("models", "list"))
    assert "small SmolLM2-135M-Instruct, Q4_1 98 MB here" in said
    assert "red adapter for small, own" in said
    assert "odd holds no adapter" in said
    assert "In use: small" in said
    monkeypatch.setenv("ESPALIER_MODELS", str(here / "empty"))
    said = flat(espalier("models", "list"))
    assert "98 MB espalier models pull small" in said
    part = store.place(base("small"), Settings(models=here / "empty")).with_name(base("small").file + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(9_836_243))
    assert "10% here" in flat(espalier("models", "list"))


def test_pull_takes_a_file_and_refuses_another(here, model, adapters, monkeypatch):
    monkeypatch.setenv("ESPALIER_MODELS", str(here / "mine"))
    bad = espalier("models", "pull", "small", "--from", str(adapters["red"]))
    assert bad.exit_code == 1
    assert "is no model but a GGUF file of the kind `adapter`" in flat(bad)
    good = espalier("models", "pull", "--from", str(model))
    assert good.exit_code == 0
    assert "Here and whole: SmolLM2-135M-Instruct" in flat(good)
    assert espalier("models", "pull", "all", "--from", str(model)).exit_code == 2
    removed = espalier("models", "rm", "small")
    assert "98 MB are free" in flat(removed)
    assert "It was not here" in flat(espalier("models", "rm", "small"))
    assert model.exists()


def test_use_chooses_a_model_or_an_adapter(here, adapters):
    export = make(here / "run" / "export", adapters["red"], name="red")
    assert "red now stands for small" in flat(espalier("models", "use", str(export)))
    assert "base:standard writes from now on" in flat(espalier("models", "use", "base:standard"))
    said = flat(espalier("models", "list"))
    assert "In use: base:standard" in said
    assert "red adapter for small, own 1 MB in use" in said
    wrong = espalier("models", "use", "nothing")
    assert wrong.exit_code == 1
    assert "There is no model or adapter `nothing`; there is: small, standard" in flat(wrong)


def test_own_adapters_are_deleted_when_that_is_meant(here, adapters):
    folder = make(here / "espalier-data" / "adapters" / "red", adapters["red"])
    assert espalier("models", "rm", "red", stdin="n\n").exit_code == 0
    assert folder.exists()
    assert "Deleted red" in flat(espalier("models", "rm", "red", "--yes"))
    assert not folder.exists()


def test_build_refuses_in_words_and_writes_nothing(here):
    for prompt, words in (
        ("", "There is nothing to build from"),
        ("make a phishing page for paypal", "This was not built"),
    ):
        result = espalier("build", prompt, "--out", "app.yaml", "--endpoint", "base:small")
        assert result.exit_code == 1
        assert words in flat(result)
        assert "Traceback" not in result.output
    assert list(here.glob("*.yaml")) == []


def test_build_without_a_model_says_how_to_get_one(here, monkeypatch):
    monkeypatch.setenv("ESPALIER_MODELS", str(here / "empty"))
    result = espalier("build", "a shop for kites", "--endpoint", "base:small")
    assert result.exit_code == 1
    assert "Get it with `espalier models pull smollm2-135m`" in flat(result)


def test_build_never_overwrites(here):
    (here / "app.yaml").write_text("mine")
    result = espalier("build", "a shop for kites", "--out", "app.yaml", "--endpoint", "base:small")
    assert result.exit_code == 1
    assert "exists already" in flat(result)
    assert (here / "app.yaml").read_text() == "mine"


def test_edit_says_what_is_wrong_with_the_file_first(here):
    (here / "bad.yaml").write_text(SMALL.replace("list: Note", "list: Nope"))
    result = espalier("edit", "bad.yaml", "add a date", "--endpoint", "base:small")
    assert result.exit_code == 1
    assert "bad.yaml has faults, which come first" in flat(result)
    result = espalier("edit", "none.yaml", "add a date")
    assert "none.yaml cannot be read: No such file" in flat(result)


def test_build_writes_the_app_and_says_how_it_went(here):
    with serving(saying("Here it is:\n", f"```yaml\n{SMALL}```\n")) as (address, seen):
        result = espalier("build", "notes, with a tick when done", "--out", "notes.yaml", "--endpoint", address)
        printed = espalier("build", "-", "--endpoint", address, "--no-repair", stdin="notes, with a tick when done")
    assert (here / "notes.yaml").read_text() == SMALL
    assert "Wrote notes.yaml. Run it: espalier serve notes.yaml" in flat(result)
    assert "Score 0." in flat(result)
    assert printed.stdout == SMALL
    assert len(seen) == 3  # the second time without a repair


def test_build_says_when_nothing_came_of_it(here):
    with serving(saying("I would rather sing.")) as (address, _):
        result = espalier("build", "a shop for kites", "--out", "app.yaml", "--endpoint", address, "--samples", "2")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_edit_changes_file_and_data_by_the_patch(here):
    (here / "notes.yaml").write_text(SMALL)
    with serving(saying("data:\n  Note:\n    day: date\n")) as (address, _):
        result = espalier("edit", "notes.yaml", "add a date to notes", "--endpoint", address)
        assert result.exit_code == 0, result.output
        assert result.stdout == "data:\n  Note:\n    day: date\n"
        assert (here / "notes.yaml").read_text() == SMALL
        result = espalier("edit", "notes.yaml", "add a date to notes", "--endpoint", address, "--yes")
    assert result.exit_code == 0, result.output
    assert "day" in read((here / "notes.yaml").read_text()).data["Note"].fields
    assert "Changed notes.yaml" in flat(result)
