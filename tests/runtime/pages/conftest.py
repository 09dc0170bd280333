"""The people and the app of the blocks' tests."""

from tests.runtime.blocks.conftest import app, luthier, player, stranger

__all__ = ["app", "luthier", "player", "stranger"]
