"""What a backup costs: seconds, megabytes a second and memory, and what others wait meanwhile.

    python -m bench.backups [--contacts 100000] [--rounds 5]

A register on SQLite is filled, backed up by `wesentra backup`, and tried out by
`wesentra restore --test`. Then one process opens contacts and saves numbers without a network, in
turns with a backup beside it and without.
"""

import argparse
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from flask.testing import FlaskClient

from bench import population
from bench.client import signed_in, token
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.settings import Settings, load

KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
MEGABYTE = 1_000_000
Ask = Callable[[int], int]


class Run(NamedTuple):
    """Seconds, those of a processor, the most memory (MB), its words."""

    seconds: float
    cpu: float
    memory: int
    said: str


def arguments() -> argparse.Namespace:
    """How many people, how often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main() -> int:
    """Measure and print two tables."""
    given = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = load(folder / "register", {})
        _filled(settings, given.contacts)
        size = (settings.instance / "wesentra.db").stat().st_size
        print(f"{given.contacts} contacts, {size / MEGABYTE:.0f} MB")
        _alone(settings.instance, folder, size, given.rounds)
        app = create_app(settings)
        _beside(_pages(signed_in(app), given.contacts), settings.instance, folder, given.rounds)
        with app.app_context():
            db.engine.dispose()
    return 0


def _filled(settings: Settings, contacts: int) -> None:
    """Fill it in another process: a program begins with the memory of whoever starts it."""
    start = multiprocessing.get_context("spawn").Process
    filling = start(target=population.fill, args=(settings, contacts, contacts // 4, 1))
    filling.start()
    filling.join()


def _alone(instance: Path, folder: Path, size: int, rounds: int) -> None:
    """The command alone: its time, its memory."""
    said = ""
    for turn in range(rounds):
        file = folder / f"alone-{turn}.age"
        said = _print("backup", size, _done(_begun(instance, "backup", str(file)))) or said
    key = folder / "key"
    key.write_text(found[0] if (found := KEY.search(said)) else "")
    words = ("restore", str(folder / "alone-0.age"), "--test", "--identity", str(key))
    _print("test", size, _done(_begun(instance, *words)))


def _print(what: str, size: int, run: Run) -> str:
    """A line; the key that was shown, if one was."""
    rate = size / MEGABYTE / run.seconds
    print(f"{what:8} {run.seconds:6.1f} s {rate:6.0f} MB/s {run.cpu:6.1f} s cpu {run.memory:5} MB")
    return run.said if KEY.search(run.said) else ""


def _beside(pages: dict[str, Ask], instance: Path, folder: Path, rounds: int) -> None:
    """Pages in turns with and without a backup beside them; the same number of each."""
    took: dict[tuple[str, bool], list[float]] = {}
    for turn in range(rounds):
        process = _begun(instance, "backup", str(folder / f"beside-{turn}.age"))
        count = _ask(pages, took, beside=True, until=lambda _, run=process: _has_ended(run))
        _done(process)
        _ask(pages, took, beside=False, until=lambda done, count=count: done >= count)
    print(f"{'p95, ms':12} {'without':>8} {'beside':>8}")
    for name in pages:
        p95 = [1000 * quantiles(took[name, beside], n=20)[-1] for beside in (False, True)]
        print(f"{name:12} {p95[0]:8.1f} {p95[1]:8.1f}   (n = {len(took[name, True])})")


def _ask(
    pages: dict[str, Ask],
    took: dict[tuple[str, bool], list[float]],
    *,
    beside: bool,
    until: Callable[[int], bool],
) -> int:
    turn = 0
    while not until(turn):
        turn += 1
        for name, ask in pages.items():
            begun = time.perf_counter()
            status = ask(turn)
            took.setdefault((name, beside), []).append(time.perf_counter() - begun)
            if status >= 400:
                raise SystemExit(f"{name}: {status}")
    return turn


def _pages(client: FlaskClient, contacts: int) -> dict[str, Ask]:
    """How each page is asked for the n-th time; the answer's status."""
    sent = {"csrf_token": token(client, "/")}

    def one(turn: int) -> str:
        return f"/contacts/{1 + turn * 7 % contacts}"

    def save(turn: int) -> int:
        form = sent | {"value": f"+35850{turn:07d}", "version": "1"}
        return client.post(f"{one(turn)}/edit/phone", data=form).status_code

    return {"contact": lambda turn: client.get(one(turn)).status_code, "save": save}


def _begun(instance: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "wesentra", "--instance", str(instance), *words]
    environ = os.environ | {"WESENTRA_LANGUAGE": "en"}
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    process.begun = time.monotonic()  # type: ignore[attr-defined]
    return process


def _has_ended(process: subprocess.Popen[str]) -> bool:
    """Whether it has, without taking its figures away."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _done(process: subprocess.Popen[str]) -> Run:
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - process.begun  # type: ignore[attr-defined]
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(said)
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, said)


if __name__ == "__main__":
    sys.exit(main())
