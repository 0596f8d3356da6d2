"""An import of many rows: time, peak memory, and how long somebody else who saves has to wait.

    python -m bench.imports [--rows 100000]

The file is made here: a Finnish spreadsheet's CSV in which every twentieth row is wrong. It is
brought in, brought in again (nothing may come of it), and taken back. All the while another
process saves something small every 50 ms, as people do.
"""

import argparse
import csv
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from bench.population import TITLES, TRADES, word
from wesentra.crm.values import business_id, fold

HEADINGS = (
    "Yritys;Y-tunnus;Käyntiosoite;Postinumero;Postitoimipaikka;Vaihde;Yhteyshenkilö;Titteli;"
    "Puhelin;Sähköposti;Ryhmä;Lähde;Huomautuksia"
).split(";")
PEOPLE_IN_A_COMPANY = 4
EVERY_WRONG = 20
SAVE_EVERY = 0.05


def make(target: Path, rows: int) -> None:
    """Write the file; the same number of rows gives the same file."""
    dice = random.Random(20261122)
    with target.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        company: list[str] = []
        for number in range(rows):
            if number % PEOPLE_IN_A_COMPANY == 0:
                company = _company(dice, number)
            writer.writerow(company + _person(dice, number))


def _company(dice: random.Random, number: int) -> list[str]:
    name = f"{word(dice)}n {dice.choice(TRADES)} Oy"
    base = f"{1_000_000 + number:07}"
    while business_id.check_digit(base) is None:
        number += 1
        base = f"{1_000_000 + number:07}"
    own = f"{base}-{business_id.check_digit(base)}"
    street = f"{word(dice)}nkatu {dice.randint(1, 99)}"
    return [name, own, street, f"{dice.randint(0, 99):02}100", "HELSINKI", f"09 {number:07}"]


def _person(dice: random.Random, number: int) -> list[str]:
    given, family = word(dice), word(dice)
    name = f"{family}, {given}" if number % 5 == 0 else f"{given} {family}"
    at = "(at)" if number % EVERY_WRONG == 0 else "@"
    email = f"{fold.fold(given)}.{number}{at}example.fi"
    note = "tapasimme messuilla; soittaa itse" if number % 10 == 0 else ""
    phone = f"040 {number:07}"
    return [name, dice.choice(TITLES), phone, email, "sopimusasiakas", "messut 2026", note]


@dataclass
class Somebody:
    """Another process's small saves, and how long each took."""

    database: Path
    waits: list[float] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def save(self) -> None:
        """Save every SAVE_EVERY seconds until `done`; the waits are in seconds."""
        connection = sqlite3.connect(self.database, timeout=30, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        while not self.done.wait(SAVE_EVERY):
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE purpose SET position = position")
            connection.execute("COMMIT")
            self.waits.append(time.perf_counter() - started)
        connection.close()


def run(instance: Path, *arguments: str) -> tuple[float, float, float, str]:
    """Run the command line; seconds, of them on a processor, peak MB, and what it printed."""
    command = [sys.executable, "-m", "wesentra", "--instance", str(instance), "import", *arguments]
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        pid = os.posix_spawn(
            sys.executable,
            command,
            dict(os.environ) | {"WESENTRA_LANGUAGE": "en"},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
            ],
        )
        _, status, used = os.wait4(pid, 0)
        took = time.perf_counter() - started
        output.seek(0)
        said = output.read().decode()
    if status:
        raise SystemExit(said)
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def measured(instance: Path, name: str, *arguments: str) -> None:
    """Run one command beside somebody who saves, and print its line of the table."""
    other = Somebody(instance / "wesentra.db")
    thread = threading.Thread(target=other.save)
    thread.start()
    try:
        took, busy, memory, said = run(instance, *arguments)
    finally:
        other.done.set()
        thread.join()
    cuts = quantiles(other.waits, n=100) if len(other.waits) > 1 else [0.0] * 99
    figures = " ".join(line.split()[0] for line in said.splitlines() if line.startswith("   "))
    print(
        f"{name:<12} {took:8.1f} {busy:8.1f} {memory:8.0f} "
        f"{1000 * cuts[49]:8.0f} {1000 * cuts[94]:8.0f} "
        f"{1000 * max(other.waits, default=0):8.0f}   {figures}"
    )


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=100_000)
    rows = arguments.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        file, small = Path(folder) / "many.csv", Path(folder) / "few.csv"
        make(file, rows)
        make(small, 20)
        instance = Path(folder) / "instance"
        run(instance, "contacts", str(small), "--dry-run")
        print(f"{rows} rows, {file.stat().st_size / 1e6:.1f} MB; SQLite, synchronous=FULL")
        print(
            "                  s    cpu s  peak MB  "
            "others wait, ms: p50, p95, max   created updated …"
        )
        measured(instance, "dry run", "contacts", str(file), "--dry-run")
        measured(instance, "import", "contacts", str(file))
        measured(instance, "once more", "contacts", str(file))
        measured(instance, "undo", "undo", "3")


if __name__ == "__main__":
    main()
