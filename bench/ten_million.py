"""Questions to a log of ten million entries: who looked at a person, a user's page, the dashboard.

    python -m bench.ten_million [--entries 10000000 --subjects 50000000] [--keep FOLDER]

The log is written in bulk into a SQLite register (`bench.log_population`) and then asked by the
product. Milliseconds of repeated questions to one process, each about somebody else; a page is the
whole answer, with the entry that tells of it committed.
"""

import argparse
import gc
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bench import log_population, population
from bench.client import signed_in
from bench.log_population import PEOPLE, USERS
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import evidence, keys, ledger
from wesentra.audit.evidence import Quick
from wesentra.audit.ledger import Wanted
from wesentra.models.base import db
from wesentra.operations import log_walk, schema
from wesentra.settings import Settings, load

PATIENCE = 20
"""Seconds for one question in all its turns."""
Asking = Callable[[], Any]


def arguments() -> argparse.Namespace:
    """How much, how often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--subjects", type=int, default=50_000_000, help="people shown, in all")
    parser.add_argument("--turns", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--keep", type=Path, help="keep the register here for the next time")
    return parser.parse_args()


def main() -> int:
    """Make the log unless it is there, ask, print the tables."""
    given = arguments()
    with _folder(given.keep) as folder:
        settings = load(folder / f"register-{given.entries}", {})
        _make(given, settings)
        app = create_app(settings)
        gc.collect()
        gc.freeze()  # as the server does
        _asked(app, given.turns)
        _walked(app, settings)
        _sizes(settings.instance / "wesentra.db")
        with app.app_context():
            db.engine.dispose()
    return 0


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _make(given: argparse.Namespace, settings: Settings) -> None:
    done = settings.instance / "filled"
    if done.exists():
        schema.upgrade(settings)  # it may have been kept for long
        return
    started = time.perf_counter()
    population.fill(settings, contacts=2000, companies=500, users=USERS)
    population.grant(settings, user=1, role="privacy")
    file, key = settings.instance / "wesentra.db", keys.signing_key(settings.instance)
    log_population.fill(file, key, given.entries, given.subjects)
    done.touch()
    print(f"made in {time.perf_counter() - started:.0f} s")


# --- questions ------------------------------------------------------------------------------


def _asked(app: Flask, turns: int) -> None:
    client, dice = signed_in(app), random.Random(3)
    print("| | asked | p50 ms | p95 ms | first ms |\n|---|--:|--:|--:|--:|")
    for name, ask in _pages(client, dice).items():
        _line(name, ask, turns)
    acting = Acting(1, "privacy", "log_review", "bench", endpoint="bench")
    with app.app_context(), acting_as(acting):
        for name, question in _questions(dice).items():
            _line(name, question, turns, db.session.expunge_all)
        acting.notes.clear()
        db.session.remove()


def _pages(client: FlaskClient, dice: random.Random) -> dict[str, Asking]:
    requests = _some_requests(client.application, dice)

    def page(address: Callable[[], str]) -> Asking:
        def ask() -> None:
            answer = client.get(address())
            if answer.status_code != 200:
                raise SystemExit(f"{address()}: {answer.status}")

        return ask

    return {
        "who looked at this person, page": page(lambda: f"/log/?contact={_somebody(dice)}"),
        "one user's page": page(lambda: f"/log/?user={dice.randint(1, USERS)}"),
        "one request, page": page(lambda: f"/log/requests/{dice.choice(requests)}"),
        "dashboard, 30 days, page": page(lambda: "/dashboard/?days=30"),
        "dashboard, 365 days, page": page(lambda: "/dashboard/?days=365"),
    }


def _questions(dice: random.Random) -> dict[str, Asking]:
    """The bare questions; those of the dashboard are of a year."""
    year = clock.today() - timedelta(days=364)
    of_year, views = Wanted(first=year), Wanted(first=year, operation="view")
    return {
        "who looked at this person": lambda: ledger.page(Wanted(contact=_somebody(dice))),
        "what one user did": lambda: ledger.page(Wanted(user=dice.randint(1, USERS))),
        "tally": lambda: ledger.tally(of_year),
        "by day and purpose": lambda: ledger.by_day_and_purpose(of_year),
        "exports": lambda: ledger.requests(Wanted(first=year, operation="export")),
        "the last looks": lambda: ledger.page(Wanted(first=year, operation="view"), size=8),
        "people opened": lambda: ledger.by_contact(views),
    }


def _somebody(dice: random.Random) -> int:
    """Asked about as people are looked at: some often, most seldom."""
    return 1 + int(dice.random() ** 3 * PEOPLE)


def _line(name: str, ask: Asking, turns: int, then: Asking = lambda: None) -> None:
    """One line of the table; a question that takes long is asked less often, twice at least."""
    took: list[float] = []
    while len(took) < 2 or (len(took) < turns and sum(took) < PATIENCE):
        started = time.perf_counter()
        ask()
        took.append(time.perf_counter() - started)
        then()
    cuts = quantiles(took, n=20, method="inclusive")
    figures = " | ".join(f"{one * 1e3:.1f}" for one in (cuts[9], cuts[18], took[0]))
    print(f"| {name} | {len(took)} | {figures} |", flush=True)


def _some_requests(app: Flask, dice: random.Random) -> list[str]:
    with app.app_context(), db.engine.connect() as connection:
        last = connection.exec_driver_sql("SELECT last FROM log_head").scalar_one()
        numbers = [dice.randint(1, last) for _ in range(200)]
        found = "SELECT request_id FROM log_entry WHERE id = ?"
        return [connection.exec_driver_sql(found, (n,)).scalar_one() for n in numbers]


# --- the whole log --------------------------------------------------------------------------


def _walked(app: Flask, settings: Settings) -> None:
    """All of it: by the processes of `log verify`, and by one, as the job does. The entries alone:
    chain and signatures without figures, ways and kinds of values."""
    ways: dict[str, Quick | None] = {
        "by processes, entries alone": lambda given: log_walk.whole(
            settings, replace(given, beside=lambda: None)
        ),
        "by processes": partial(log_walk.whole, settings),
        "by one": None,
    }
    for name, quick in ways.items():
        with app.app_context():
            started = time.perf_counter()
            verdict = evidence.of_register(db.engine, settings.instance, quick=quick)
            took = time.perf_counter() - started
        if verdict.finding is not None:
            raise SystemExit(f"the log is not whole: {verdict}")
        print(f"log verify {name}: {verdict.entries} entries in {took:.0f} s:", end=" ")
        print(f"{verdict.entries / took:.0f}/s", flush=True)


def _sizes(file: Path) -> None:
    """Bytes an entry, by table and index."""
    with closing(sqlite3.connect(file)) as connection:
        entries, subjects = connection.execute(
            "SELECT (SELECT last FROM log_head), (SELECT count(*) FROM log_subject)"
        ).fetchone()
        print(f"{entries} entries of {subjects} people, {file.stat().st_size} bytes")
        print("| | MB | bytes an entry |\n|---|--:|--:|")
        rows = connection.execute(
            "SELECT name, sum(pgsize) FROM dbstat WHERE name LIKE '%log_%'"
            " GROUP BY name ORDER BY 2 DESC"
        ).fetchall()
    for name, size in [*rows, ("all of these", sum(size for _, size in rows))]:
        print(f"| {name} | {size / 1e6:.1f} | {size / entries:.1f} |")


if __name__ == "__main__":
    raise SystemExit(main())
