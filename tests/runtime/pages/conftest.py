import pytest

from espalier.runtime.access import Visitor
from tests.runtime.blocks.world import SHOP
from tests.runtime.using import User, make, person


@pytest.fixture
def app():
    made = make(SHOP)
    yield made
    made.close()


@pytest.fixture
def luthier(app):
    return User(app, person(app, "Lena", "luthier"))


@pytest.fixture
def player(app):
    return User(app, person(app, "Pia", "player"))


@pytest.fixture
def stranger(app):
    return User(app, Visitor())
