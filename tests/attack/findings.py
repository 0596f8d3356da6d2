"""What a tool found and how much it asked, and whether that can stay as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

LEVELS = ("info", "low", "medium", "high")
ALLOWED = ("info", "low")
"""No finding above low may stay, unless it is accepted for a reason."""


@dataclass(frozen=True)
class Finding:
    """One thing that one tool says: `name` is its own word for the kind, `where` about what."""

    tool: str
    level: str
    name: str
    where: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.tool} {self.level} {self.name}: {self.where} {self.words}".rstrip()


@dataclass
class Outcome:
    """What came of one tool; `asked` counts `what` it did, and fewer than `least` is no attack."""

    tool: str
    what: str
    least: int = 1
    asked: int = 0
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Why this run says nothing: it could not come in, it broke off, it was blind."""
    lacks: str = ""
    """What is not on this machine, so that it did not run at all."""
    notes: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line: how much was asked and what was found, by level."""
        if self.lacks:
            return f"{self.tool}: NOT RUN, missing: {self.lacks}"
        counts = Counter(one.level for one in self.findings)
        found = ", ".join(f"{counts[level]} {level}" for level in reversed(LEVELS))
        return f"{self.tool}: {self.asked} {self.what}, findings: {found}"


@dataclass(frozen=True)
class Accepted:
    """A finding that may stay: whose, of which kind, about what (a part of it), and why."""

    tool: str
    name: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding that may stay."""
        same = (self.tool, self.name) == (finding.tool, finding.name)
        return same and self.where in finding.where


def faults_of(outcome: Outcome, accepted: Iterable[Accepted]) -> list[str]:
    """What is weak, or why the attack has shown nothing; empty when all is well.

    A tool that asked next to nothing is a fault: it would pass by being blind.
    """
    if outcome.lacks:
        return []
    wrong = [str(one) for one in outcome.findings if _counts(one, accepted)]
    if outcome.asked < outcome.least:
        wrong.append(
            f"{outcome.tool} was blind: {outcome.asked} {outcome.what}, at least {outcome.least}"
        )
    return [*(f"{outcome.tool}: {fault}" for fault in outcome.faults), *wrong]


def _counts(finding: Finding, accepted: Iterable[Accepted]) -> bool:
    weak = finding.level not in ALLOWED
    return weak and not any(one.covers(finding) for one in accepted)
