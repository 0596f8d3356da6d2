"""How long the review of one month is drawn, and how long others wait who save meanwhile.

    python -m bench.review [--entries 400000]

Three months of log are written in bulk, of which the last whole one has about so many entries. One
client draws its review, and another saves something every 50 ms until it is drawn. Nobody in it has
a contact or a task with anybody, so that nearly every look is an item: far more than work makes.
"""

import argparse
import resource
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from bench import log_population, population
from bench.client import TOKEN, signed_in
from wesentra import clock
from wesentra.app import create_app
from wesentra.audit import keys
from wesentra.models import LogReview, LogReviewItem, db
from wesentra.settings import Settings, load

MONTHS = 3
DAYS = 92
CONTACTS = 2000
PAUSE = 0.05


def main() -> int:
    """Make the log, draw, print one line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=400_000, help="of the month")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load(Path(folder), {})
        _make(settings, given.entries)
        app = create_app(settings)
        _line(app, *_measured(app))
        with app.app_context():
            db.engine.dispose()
    return 0


def _make(settings: Settings, entries: int) -> None:
    population.fill(settings, contacts=CONTACTS, companies=500, users=log_population.USERS)
    population.grant(settings, user=1, role="privacy")
    file, key = settings.instance / "wesentra.db", keys.signing_key(settings.instance)
    log_population.fill(file, key, entries * MONTHS, entries * MONTHS * 5, DAYS)


def _measured(app: Flask) -> tuple[float, float, list[float], list[int]]:
    """Seconds of the draw, those of a processor, and of each save meanwhile with its status."""
    drawing, saving = signed_in(app), signed_in(app)
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    token = TOKEN.search(drawing.get("/log-review/").text)
    data = {"csrf_token": token[1] if token else "", "month": str(month)}
    waits: list[float] = []
    answers: list[int] = []
    ended = threading.Event()
    thread = threading.Thread(target=_saves, args=(saving, ended, waits, answers))
    thread.start()
    started, busy = time.perf_counter(), time.thread_time()
    answer = drawing.post("/log-review/draw", data=data)
    took, busy = time.perf_counter() - started, time.thread_time() - busy
    ended.set()
    thread.join()
    if answer.status_code != 303:
        raise SystemExit(f"not drawn: {answer.status}")
    return took, busy, waits, answers


def _saves(client: Any, ended: threading.Event, waits: list[float], answers: list[int]) -> None:
    """Somebody chooses another purpose, again and again: a change that takes the write lock."""
    token = TOKEN.search(client.get("/account/").text)
    data = {"csrf_token": token[1] if token else ""}
    while not ended.is_set():
        started = time.perf_counter()
        sent = data | {"purpose": ("sales", "billing")[len(answers) % 2]}
        answers.append(client.post("/account/purpose", data=sent).status_code)
        waits.append(time.perf_counter() - started)
        time.sleep(PAUSE)


def _line(app: Flask, took: float, busy: float, waits: list[float], answers: list[int]) -> None:
    with app.app_context():
        review = db.session.scalars(db.select(LogReview)).one()
        items = db.session.scalar(db.select(db.func.count(LogReviewItem.id)))
        db.session.remove()
    entries = review.last_entry - review.first_entry + 1
    saved = sum(code == 303 for code in answers)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told: dict[str, object] = {
        "entries": entries,
        "items": items,
        "draw s": f"{took:.1f}",
        "of a processor s": f"{busy:.1f}",
        "saves": len(answers),
        "of them done": saved,
        "slowest save s": f"{max(waits):.2f}",
        "MB": f"{memory:.0f}",
    }
    print(f"| {' | '.join(told)} |\n|{'--:|' * len(told)}")
    print(f"| {' | '.join(map(str, told.values()))} |")


if __name__ == "__main__":
    raise SystemExit(main())
