"""bandit over the sources of the program."""

import json
from pathlib import Path

from tests.architecture.test_house_rules import ROOT
from tests.attack import tools
from tests.attack.findings import Finding, Outcome

SECONDS = 120


def attack(home: Path) -> Outcome:
    """Every file of the program; the same in the short form, it takes seconds."""
    outcome = Outcome("bandit", "lines of the program", least=10_000)
    program = tools.path_of("bandit")
    if program is None:
        outcome.lacks = "bandit (requirements/attack.lock)"
        return outcome
    report = home / "bandit.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    said = tools.run(command(program, ROOT / "wesentra", report), home, SECONDS)
    if not report.exists():
        outcome.faults.append(said.output[-300:])
        return outcome
    read(report.read_text(encoding="utf-8"), outcome)
    return outcome


def command(program: str, sources: Path, report: Path) -> list[str]:
    """bandit with everything that it knows to look for."""
    return [program, "--recursive", str(sources), "--format", "json", "--output", str(report)]


def read(report: str, outcome: Outcome) -> None:
    """Take in the report; where it says low, medium and high, it means that."""
    told = json.loads(report)
    outcome.asked += told["metrics"]["_totals"]["loc"]
    outcome.faults += [f"{one['filename']}: {one['reason']}" for one in told["errors"]]
    for one in told["results"]:
        file = Path(one["filename"]).relative_to(ROOT) if _ours(one) else Path(one["filename"])
        where = f"{file.as_posix()}:{one['line_number']}"
        level = one["issue_severity"].lower()
        outcome.findings.append(Finding("bandit", level, one["test_id"], where, one["issue_text"]))


def _ours(one: dict[str, str]) -> bool:
    return Path(one["filename"]).is_relative_to(ROOT)
