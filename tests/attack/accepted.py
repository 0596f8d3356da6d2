"""Findings above low that may stay, each with its reason; everything else ends `make attack` badly.

`where` is a part of what the finding is about; empty: wherever it is said.
"""

from tests.attack.findings import Accepted

ACCEPTED: tuple[Accepted, ...] = ()
