"""Loads all that judging in process needs, once for all workers: they are forked from a process that has imported this."""

from . import judge, requirements
from .checks import checks

LOADED = (judge, requirements, *(checks(group) for group in judge.IN_PROCESS))
