"""What every source raises when it cannot deliver."""


class Unavailable(Exception):
    """Nothing comes from here; the words say why."""
