"""Several processes write into one log for a minute, one is killed; then the log is looked through.

    python -m bench.soak [--workers 2 4] [--seconds 60] [--only sqlite]

Each process writes looks of ten people and changes in turn and says which were acknowledged. In the
middle the first one is killed (SIGKILL) and another takes its place. PostgreSQL is a throw-away
server of this run, as the tests have it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import select

from tests import cluster
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import day, evidence
from wesentra.audit.day import LogDay, LogTotal
from wesentra.audit.entry import LogEntry, LogHead
from wesentra.models.base import db, writing
from wesentra.operations import schema
from wesentra.settings import Settings, load

ROOT = Path(__file__).parents[1]
KINDS = ("sqlite", "postgresql")


def arguments() -> argparse.Namespace:
    """How many, how long, where."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=KINDS)
    return parser.parse_args()


def main() -> int:
    """Soak each database with each number of processes; print a line for each."""
    given = arguments()
    columns = "database processes seconds entries /s acknowledged lost gaps chain days".split()
    print(f"| {' | '.join(columns)} |\n|---|{'--:|' * 7}---|---|", flush=True)
    whole = True
    for kind in KINDS if given.only is None else (given.only,):
        for workers in given.workers:
            with _register(kind) as (settings, environ):
                acknowledged = _soaked(settings, environ, workers, given.seconds)
                whole &= _proved(settings, kind, workers, given.seconds, acknowledged)
    return 0 if whole else 1


@contextmanager
def _register(kind: str) -> Iterator[tuple[Settings, dict[str, str]]]:
    """A fresh register and the environment that leads to it."""
    with ExitStack() as stack:
        instance = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ: dict[str, str] = {}
        if kind == "postgresql":
            cluster.open_run()
            stack.callback(cluster.close_run)
            server = cluster.cluster()
            if server is None:
                raise SystemExit("PostgreSQL is missing: install the Debian package postgresql.")
            name = stack.enter_context(server.database())
            environ["WESENTRA_DATABASE_URL"] = server.app_url(name)
            environ["WESENTRA_DATABASE_OWNER_URL"] = server.owner_url(name)
        settings = load(instance, environ)
        schema.upgrade(settings)
        yield settings, environ


# --- writing --------------------------------------------------------------------------------


def _soaked(
    settings: Settings, environ: Mapping[str, str], workers: int, seconds: float
) -> set[str]:
    """Let the processes write; what they were told is written."""
    until = time.time() + seconds
    outputs: list[Path] = []

    def start() -> subprocess.Popen[bytes]:
        outputs.append(settings.instance / f"writer{len(outputs)}")
        command = [sys.executable, "-m", "bench.soak", "write", str(settings.instance)]
        with outputs[-1].open("wb") as output:
            return subprocess.Popen(
                [*command, outputs[-1].name, str(until)],
                cwd=ROOT,
                env={**os.environ, **environ},
                stdout=output,
            )

    running = [start() for _ in range(workers)]
    time.sleep(seconds / 2)
    running[0].kill()
    running.append(start())
    codes = [one.wait(seconds + 60) for one in running]
    if any(codes[1:]):
        raise SystemExit(f"a writer failed: {codes}")
    said = [output.read_text().splitlines(keepends=True) for output in outputs]
    return {line.strip() for lines in said for line in lines if line.endswith("\n")}


def write(instance: str, name: str, until: str) -> None:
    """What one process does: write until then, a line for each entry that is committed."""
    app = create_app(load(Path(instance), os.environ))
    number = 0
    while time.time() < float(until):
        number += 1
        acting = Acting(None, "system", "maintenance", f"{name} {number}", channel="job")
        token = writing.set(number % 5 == 0)
        with app.app_context(), acting_as(acting):
            if not writing.get():
                acting.notes.shown.update({("contact", id_): {"email"} for id_ in range(1, 11)})
            else:  # as with a change: the entry rides on the transaction of the session
                db.session.connection()
                acting.event("export", "contact", [number])
            db.session.commit()
            db.session.remove()
        writing.reset(token)
        sys.stdout.write(f"{name} {number}\n")
        sys.stdout.flush()


# --- proving --------------------------------------------------------------------------------


def _proved(
    settings: Settings, kind: str, workers: int, seconds: float, acknowledged: set[str]
) -> bool:
    app = create_app(settings)
    acting = Acting(None, "system", "log_review", "proof", channel="job")
    with app.app_context(), acting_as(acting):
        rows = db.session.execute(select(LogEntry.__table__).order_by(LogEntry.id)).mappings().all()
        figures = db.session.execute(select(LogDay.__table__)).mappings().all()
        added_up = db.session.execute(select(LogTotal.__table__)).mappings().all()
        last = db.session.scalar(select(LogHead.last))
        db.session.remove()
        verdict = evidence.of_register(db.engine, settings.instance)
        db.engine.dispose()
    lost = acknowledged - {row["request_id"] for row in rows}
    gaps = set(range(1, (last or 0) + 1)) ^ {row["id"] for row in rows}
    counted = day.figures({**row, day.FIRST: True} for row in rows)
    days = _ordered(counted, day.KEY) == _ordered(figures, day.KEY)
    totals = _ordered(day.totals(counted), day.TOTAL_KEY) == _ordered(added_up, day.TOTAL_KEY)
    whole = verdict.finding is None and verdict.entries == len(rows)
    words = ("whole" if whole else str(verdict.finding), "equal" if days and totals else "differ")
    cells = (kind, workers, f"{seconds:g}", len(rows), f"{len(rows) / seconds:.0f}")
    print(f"| {' | '.join(map(str, (*cells, len(acknowledged), len(lost), len(gaps), *words)))} |")
    sys.stdout.flush()
    once = len({row["request_id"] for row in rows}) == len(rows)
    return whole and days and totals and once and not lost and not gaps


def _ordered(figures: object, key: tuple[str, ...]) -> list[list[object]]:
    names = (*key, *day.FIGURES)
    return sorted([[row[name] for name in names] for row in figures], key=str)  # type: ignore[attr-defined]


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(*sys.argv[2:])
    else:
        raise SystemExit(main())
