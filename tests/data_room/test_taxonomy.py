"""The taxonomy is whole, and what is held out stays apart."""

from __future__ import annotations

from espalier.blueprint.field import Field
from espalier.data.decontaminate import held_out_words
from espalier.data.generate.taxonomy import AUDIENCES, FieldKind, _field, common, domains


def test_there_is_enough_to_choose_from():
    known = domains()
    assert len(known) >= 60
    assert all(len(domain.entities) >= 3 for domain in known)
    assert {purpose.audience for domain in known for purpose in domain.purposes} == set(AUDIENCES)


def test_the_held_out_domains_are_never_among_those_to_train_on():
    held = {domain.key for domain in domains(held=True)}
    assert len(held) == 14
    assert held.isdisjoint(domain.key for domain in domains())


def test_every_held_out_domain_is_given_away_by_its_words():
    for domain in domains(held=True):
        for called in domain.called:
            assert held_out_words().search(called), f"{domain.key}: {called}"


def test_no_domain_to_train_on_speaks_of_a_held_out_one():
    for domain in domains():
        said = [domain.key.replace("_", " "), *domain.called, *domain.we, *domain.me, *domain.names, *domain.about]
        said += [name for entity in domain.entities.values() for name in entity.names]
        said += [word for purpose in domain.purposes for word in purpose.does]
        assert not held_out_words().search("\n".join(said)), domain.key


def test_every_type_is_one_of_the_language():
    for domain in (*domains(), *domains(held=True)):
        for entity in domain.entities.values():
            for kind in entity.fields.values():
                if not kind.choices:
                    Field.parse(kind.type)
                if kind.kind == "reference":
                    assert kind.target in {*domain.entities, "User"}, f"{domain.key}.{entity.key}.{kind.key}"
    assert common()


def test_a_flow_starts_at_its_first_state_and_knows_its_ways_out():
    kind = _field("status/state", "flow New > Sent > Paid ~ Lost", core=True)
    assert isinstance(kind, FieldKind)
    assert (kind.names, kind.choices, kind.exits, kind.flow) == (
        ("status", "state"),
        ("New", "Sent", "Paid", "Lost"),
        1,
        True,
    )


def test_a_field_with_samples_and_what_stands_behind_it():
    kind = _field("price", "money! // 3; 4.5", core=True)
    assert (kind.kind, kind.required, kind.rows, kind.computed) == ("money", True, ("3", "4.5"), False)
    worked = _field("total", "money = pieces * product.price", core=False)
    assert worked.computed
    assert not _field("day", "date = today", core=True).computed
