"""Runs somebody else's program: bounded in time, at this machine only, with a home of its own."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.test_house_rules import ROOT

BIN = ROOT / ".attack" / "bin"
NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: whatever a tool asks of another machine goes nowhere."""


@dataclass(frozen=True)
class Said:
    """What a program printed, and whether it came to its end by itself."""

    output: str
    ended: bool


def path_of(name: str) -> str | None:
    """Where a tool is: in the environment of the attack, or on the machine."""
    own = BIN / name
    return str(own) if own.exists() else shutil.which(name)


def run(command: list[str], home: Path, seconds: float) -> Said:
    """Run to its end, or for so long; what it has printed on either channel."""
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        command,
        env=_environ(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        return Said(process.communicate(timeout=seconds)[0], ended=True)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        return Said(process.communicate(timeout=10)[0], ended=False)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return Said(process.communicate()[0], ended=False)


def _environ(home: Path) -> dict[str, str]:
    """Nothing of ours, and no way out but to this machine."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TERM") if key in os.environ}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    here = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")
    return {**kept, **proxies, **here, "HOME": str(home), "PYTHONWARNINGS": "ignore"}
