"""What was asked, as a list of small decidable things. One file a kind; a rubric is a list of them."""

from .base import KINDS, Requirement, Rubric

__all__ = ["KINDS", "Requirement", "Rubric", "draw"]


def draw(prompt: str) -> Rubric:
    """The rubric that a prompt says, by rules. See ../draw.py."""
    raise NotImplementedError
