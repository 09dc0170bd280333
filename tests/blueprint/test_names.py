"""Names as people read them: plurals of nouns that follow the rule, that do not, and that have none."""

import pytest

from espalier.blueprint.names import plural


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("Dog", "Dogs"), ("Box", "Boxes"), ("Category", "Categories"), ("Day", "Days"), ("Inquiry", "Inquiries"), ("Bus", "Buses"),
        ("Aircraft", "Aircraft"), ("Maintenance", "Maintenance"), ("Piece of equipment", "Piece of equipment"), ("staff", "staff"),
        ("Staff member", "Staff members"), ("OrderLine", "OrderLines"), ("Spacecraft", "Spacecraft"), ("Craft", "Crafts"),
        ("Person", "People"), ("Salesperson", "Salespeople"), ("Grandchild", "Grandchildren"), ("Salesman", "Salesmen"),
        ("Human", "Humans"), ("German", "Germans"), ("Bookshelf", "Bookshelves"), ("Analysis", "Analyses"), ("Quiz", "Quizzes"),
        ("Hero", "Heroes"), ("Photo", "Photos"), ("CV", "CVs"), ("Sheep", "Sheep"), ("Maintenance check", "Maintenance checks"),
        ("Größe", "Größe"), ("", ""),
    ],
)  # fmt: skip
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many
