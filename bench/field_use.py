"""How fast the nightly count of used fields reads a log that nobody has counted.

    python -m bench.field_use [--entries 1000000 --contacts 100000]

The log is written in bulk into a SQLite register (`bench.log_population`); the count is the
product's own. Beside it the pages that are made of what it keeps.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import log_population, population
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import keys
from wesentra.compliance.minimisation import counting, queries, unused
from wesentra.models.base import db
from wesentra.settings import load

SHOWN = 5
"""People an entry, as in `bench.ten_million`."""


def main() -> None:
    """Fill a register and its log, and count all of it."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--entries", type=int, default=1_000_000)
    words.add_argument("--contacts", type=int, default=100_000)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load(Path(folder), {})
        population.fill(settings, given.contacts, given.contacts // 20, log_population.USERS)
        file, key = settings.instance / "wesentra.db", keys.signing_key(settings.instance)
        log_population.fill(file, key, given.entries, given.entries * SHOWN)
        app = create_app(settings)
        acting = Acting(None, "system", "maintenance", "bench", channel="job")
        with app.app_context(), acting_as(acting):
            _measured(given.entries)
            db.session.remove()
            db.engine.dispose()


def _measured(entries: int) -> None:
    print("| | seconds | of a processor | entries a second |\n|---|--:|--:|--:|")
    portions: list[float] = []
    started, worked = time.perf_counter(), time.process_time()
    while _timed(portions):
        pass
    took, work = time.perf_counter() - started, time.process_time() - worked
    print(f"| all of the log | {took:.1f} | {work:.1f} | {entries / took:,.0f} |")
    print(f"| one portion, median | {median(portions):.3f} | | |")
    started, worked = time.perf_counter(), time.process_time()
    known = unused.measured()
    shares = queries.shares(known)
    queries.dictionary(shares, known)
    took, work = time.perf_counter() - started, time.process_time() - worked
    print(f"| the figures of the page | {took:.2f} | {work:.2f} | |")


def _timed(portions: list[float]) -> bool:
    started = time.perf_counter()
    more = counting.count_on()
    portions.append(time.perf_counter() - started)
    return more


if __name__ == "__main__":
    main()
