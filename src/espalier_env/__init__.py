"""The name by which the `verifiers` package finds Espalier's environment: `vf-eval espalier_env`. All of it is in
espalier/check/environment.py."""

from espalier.check.environment import Apps, OneAnswer, Wishes, load_environment

__all__ = ["Apps", "OneAnswer", "Wishes", "load_environment"]
