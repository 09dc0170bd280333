"""How often something was tried, for the summary at the end of a run and the figures in docs/security.md."""

from collections import Counter

TRIED: Counter[str] = Counter()
