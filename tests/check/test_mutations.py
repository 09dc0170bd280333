"""Apps of the gallery, broken on purpose: the check that should notice does. The whole table: benchmarks/mutations.py."""

import pytest

from ..samples import GALLERY
from .mutations import MUTATIONS
from .noticing import rightly, tried

BROKEN = 12  # of some fifty, others in each app
MISSED = 1  # of those: nineteen in twenty are to be noticed


def test_there_are_enough_ways_to_break_an_app():
    assert len(MUTATIONS) >= 40


@pytest.mark.parametrize("app", GALLERY, ids=lambda app: app.stem)
def test_the_right_check_notices(app):
    found = list(tried(app, BROKEN))
    missed = [
        f"{mutant.mutation.name}: {mutant.where}: {names}" for mutant, names, _ in found if not rightly(mutant, names)
    ]
    assert len(found) == BROKEN
    assert len(missed) <= MISSED, missed
