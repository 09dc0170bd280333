"""Patches: what is derived, applied, gives the other blueprint to the byte; names are changed wherever they are meant."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.blueprint import BlueprintError, print_blueprint, read, read_tree
from espalier.blueprint.patch import apply, derive, print_patch, read_patch
from espalier.blueprint.rename import rename
from tests.samples import GALLERY, REPAIRS, WEBGEN

BLUEPRINTS = [read(path.read_text()) for path in [*GALLERY, *WEBGEN]]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(itertools.permutations(range(len(BLUEPRINTS)), 2))))
def test_derive_and_apply_are_inverse_between_any_two(pair):
    before, after = BLUEPRINTS[pair[0]], BLUEPRINTS[pair[1]]
    patch = derive(before, after)
    assert print_blueprint(apply(before, patch)) == print_blueprint(after)
    assert print_blueprint(apply(before, read_patch(print_patch(patch)))) == print_blueprint(after)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(BLUEPRINTS), st.data())
def test_small_edits_make_small_patches_and_come_back(blueprint, data):
    tree = blueprint.model_dump()
    for _ in range(data.draw(st.integers(1, 4))):
        part = data.draw(
            st.sampled_from([key for key in ("pages", "access", "seed", "automations", "theme") if key in tree])
        )
        entries = tree[part]
        kind = data.draw(st.sampled_from(["drop", "move", "about"]))
        names = list(entries)
        if kind == "drop" and len(names) > 2 and part in ("access", "seed", "automations"):
            entries.pop(data.draw(st.sampled_from(names)))
        elif kind == "move" and len(names) > 1:
            names.insert(0, names.pop())
            tree[part] = {name: entries[name] for name in names}
        else:
            tree["about"] = data.draw(st.text("abc é:#", max_size=20)).strip() or "x"
    try:
        edited = read_tree(tree)
    except BlueprintError:
        return  # dropping what another part needs is not an edit that can be made
    forth, back = derive(blueprint, edited), derive(edited, blueprint)
    assert print_blueprint(apply(blueprint, forth)) == print_blueprint(edited)
    assert print_blueprint(apply(edited, back)) == print_blueprint(blueprint)
    if edited == blueprint and print_blueprint(edited) == print_blueprint(blueprint):
        assert forth == {}


def test_null_deletes_and_the_rest_stays():
    after = apply(read(REPAIRS), read_patch("theme: {primary: navy}\nautomations:\n  when Job created: null\n"))
    assert after.theme.primary == "navy" and after.theme.background == "ivory"
    assert [str(trigger) for trigger in after.automations] == ["1 day before Job.due"]


def test_a_patch_that_breaks_the_app_is_refused_and_changes_nothing():
    before = read(REPAIRS)
    with pytest.raises(BlueprintError) as error:
        apply(before, {"data": {"Bike": None}})
    assert "Bike" in str(error.value)
    assert print_blueprint(before) == REPAIRS


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda blueprint: blueprint.app)
def test_renaming_everything_and_back(blueprint):
    names: dict[str, str] = {}
    back: dict[str, str] = {}
    for entity, said in blueprint.data.items():
        if entity == "User":
            continue
        names[entity], back[f"{entity}X"] = f"{entity}X", entity
        for field in said.fields:
            if field != "owner":
                names[f"{entity}.{field}"], back[f"{entity}X.{field}_x"] = f"{field}_x", field
    renamed = rename(blueprint, names)
    assert set(renamed.data) - {"User"} == {f"{entity}X" for entity in blueprint.data if entity != "User"}
    assert print_blueprint(rename(renamed, back)) == print_blueprint(blueprint)


def test_a_rename_in_a_patch_comes_first():
    after = apply(
        read(REPAIRS), read_patch("rename: {Job: Repair, Job.due: promised}\ndata:\n  Repair:\n    note: long\n")
    )
    assert "1 day before Repair.promised" in print_blueprint(after)
    assert list(after.data["Repair"].fields)[-1] == "note"
    assert "Payment" in after.data and after.data["Payment"].fields["job"].target == "Repair"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"Nobody": "X"}, "not there"),
        ({"Bike": "Job"}, "already"),
        ({"Bike.name": "frame"}, "already"),
        ({"User": "Person"}, "User"),
        ({"Bike": "bad name"}, "entity"),
    ],
)
def test_a_rename_that_cannot_be(names, words):
    with pytest.raises(BlueprintError) as error:
        rename(read(REPAIRS), names)
    assert words in str(error.value)
