"""testssl.sh on the register's TLS, with the register's own authority known to it."""

import json
from pathlib import Path

from tests.attack import tools
from tests.attack.findings import Finding, Outcome
from tests.attack.register import Register

SECONDS = 180
LEVELS = {
    "OK": "info",
    "INFO": "info",
    "DEBUG": "info",
    "LOW": "low",
    "WARN": "low",
    "MEDIUM": "medium",
    "HIGH": "high",
    "CRITICAL": "high",
    "FATAL": "high",
}


def attack(register: Register, home: Path, short: bool) -> Outcome:
    """Protocols, suites, certificate, headers, known holes; in the short form not the last."""
    outcome = Outcome("testssl.sh", "checks", least=30 if short else 90)
    program = tools.path_of("testssl") or tools.path_of("testssl.sh")
    if program is None:
        outcome.lacks = "testssl.sh (on Debian: apt-get install testssl.sh)"
        return outcome
    report = home / "testssl.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [program, "--jsonfile", str(report), "--quiet", "--color", "0", "--warnings", "off"]
    command += ["--nodns", "none", "--ip", "127.0.0.1", "--add-ca", str(register.server.authority)]
    command += ["--protocols", "--server-defaults", "--std", "--pfs"] if short else []
    said = tools.run([*command, f"127.0.0.1:{register.server.port}"], home, SECONDS)
    if report.exists():
        read(report.read_text(encoding="utf-8"), outcome)
    if not said.ended:
        outcome.faults.append(f"not finished in {SECONDS} s")
    return outcome


def read(report: str, outcome: Outcome) -> None:
    """Take in the report; what it was not sure of (WARN) is low."""
    checks = json.loads(report)
    outcome.asked += len(checks)
    for one in checks:
        level = LEVELS.get(one["severity"], "high")
        if level != "info":
            finding = Finding("testssl.sh", level, one["id"], one.get("port", ""), one["finding"])
            outcome.findings.append(finding)
