"""Near duplicates and diversity."""

from __future__ import annotations

from dataclasses import replace

from espalier.data.dedupe import near_duplicates
from espalier.data.diversity import apart, diversity


def test_what_nearly_repeats_another_is_named_with_it(seed_pairs):
    first, second = seed_pairs[9], seed_pairs[10]
    same_prompt = replace(second, id="b", prompt=first.prompt + "!")
    same_app = replace(first, id="c", prompt=second.prompt[::-1])
    other = replace(seed_pairs[12], id="d")
    assert dict(near_duplicates([first, same_prompt, same_app, other])) == {"b": first.id, "c": first.id}
    assert dict(near_duplicates([same_prompt], [first])) == {"b": first.id}


def test_the_corpus_hardly_repeats_itself(seed_pairs):
    assert len(list(near_duplicates(seed_pairs))) <= 1


def test_figures_fall_when_everything_is_the_same(seed_pairs):
    varied, dull = diversity(seed_pairs), diversity([seed_pairs[0]] * 20)
    assert varied["distinct runs of 3"] > dull["distinct runs of 3"]
    assert varied["evenness of blocks"] > 0.5
    assert varied["names of entities"] > 100
    assert varied["blocks"]["table"] > 0
    assert apart(seed_pairs[:35], seed_pairs[35:])["blocks"] < apart(seed_pairs, [seed_pairs[0]])["blocks"]
    assert apart(seed_pairs, seed_pairs)["blocks"] == 0
