"""What one erasure costs in a large register: by itself, with the ledger, with the cut of the log.

    python -m bench.erasure [--contacts 100000] [--erasures 200]

Each erasure is a transaction of its own, as by hand. The parts are measured inside the whole.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import select

from bench.population import fill
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.erasure import door, mentions, residue
from wesentra.models import Contact, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import meant_to_write
from wesentra.settings import load


@dataclass
class Times:
    """Seconds by what they were spent on."""

    spent: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Measure the block."""
        started = time.perf_counter()
        yield
        self.spent.setdefault(what, []).append(time.perf_counter() - started)

    def table(self) -> Iterator[str]:
        """A line for each: median and p95 in milliseconds."""
        yield "| | times | p50 ms | p95 ms |"
        yield "|---|--:|--:|--:|"
        for what, times in self.spent.items():
            late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
            yield f"| {what} | {len(times)} | {1000 * median(times):.1f} | {1000 * late:.1f} |"


def main() -> None:
    """Fill a register and erase some people of it, one after the other."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--contacts", type=int, default=100_000)
    words.add_argument("--erasures", type=int, default=200)
    given = words.parse_args()
    times = Times()
    with tempfile.TemporaryDirectory() as folder:
        settings = load(Path(folder), {})
        fill(settings, given.contacts, given.contacts // 20, 20)
        app = create_app(settings)
        with app.app_context(), acting_as(Acting(None, "system", "maintenance", "bench")):
            _erase(times, given.contacts, given.erasures)
            db.session.remove()
            db.engine.dispose()
    print("\n".join(times.table()))


def _erase(times: Times, contacts: int, erasures: int) -> None:
    for contact_id in range(1, contacts, contacts // erasures):
        if len(times.spent.get("places that name one", ())) < 5:
            with times.of("places that name one"):
                mentions.of(contact_id)
        db.session.rollback()
        with meant_to_write(), times.of("one erasure, all of it"):
            with times.of("rows, ledger's intent, tombstone"):
                door.erase([contact_id], [], "request")
            db.session.commit()
    with meant_to_write():
        for contact_id in range(2, contacts, contacts // erasures):
            one = select(Contact.title).where(Contact.id == contact_id)
            db.session.scalar(one, execution_options=seen_by_program("figure"))
            db.session.commit()
            with times.of("cut of the write-ahead log, alone"):
                residue.clear(db.engine)


if __name__ == "__main__":
    main()
