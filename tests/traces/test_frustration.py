"""The ear for frustration, on messages that were labelled by hand."""

import pytest

from espalier.data.traces import frustrated
from espalier.data.traces.measure import heard


@pytest.mark.parametrize(
    "said",
    [
        "still doesn't work",
        "schon wieder falsch",
        "ça ne marche toujours pas",
        "WHY IS IT GONE AGAIN",
        "no!!",
        "まだ動かない",
    ],
)
def test_it_hears(said):
    assert frustrated(said)


@pytest.mark.parametrize(
    "said",
    ["make it navy", "Wow, love it!!!", "if the payment does not work, show a message", "use FAQ and VIP pages", ""],
)
def test_a_request_is_none(said):
    assert not frustrated(said)


def test_the_measured_part():
    tally = heard("measured")
    assert tally.there >= 25 and tally.recall >= 0.85 and tally.precision >= 0.85, (tally.missed, tally.wrong)
