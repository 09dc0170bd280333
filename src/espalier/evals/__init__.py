"""Suites, runs, metrics, comparisons: how good, how fast and how dear is a model, and how sure is that?

Asks endpoints as people do (model/build.py) and judges as the check does; knows nothing of how a model was made. docs/evals.md says what
each suite and figure is.
"""
