"""What the chain costs: appends with it and without, bytes of an entry.

    python -m bench.chain --entries 20000 --people 10 --threads 1 4 8

Both ways write the same looks into SQLite files of their own, in alternating batches. Several
threads share a transaction where they come at once, as they do in the server.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

from flask import Flask

from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import evidence, seal
from wesentra.models.base import db
from wesentra.operations import schema
from wesentra.settings import load

BATCH = 500


def arguments() -> argparse.Namespace:
    """How many looks, at how many people each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=10, help="shown by each look")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 4, 8])
    return parser.parse_args()


def main() -> int:
    """Measure and print one table."""
    given = arguments()
    print(f"looks at {given.people} people, SQLite, FULL, one process")
    print("| threads | entries | chain /s | plain /s | chain/plain | bytes an entry |")
    print("|--:|--:|--:|--:|--:|--:|")
    for threads in given.threads:
        with tempfile.TemporaryDirectory() as folder:
            apps = {kind: _register(Path(folder) / kind) for kind in ("chain", "plain")}
            rates: dict[str, list[float]] = {kind: [] for kind in apps}
            for turn in range(given.entries // BATCH):
                for kind, app in apps.items():
                    with without_hashes(kind == "plain"):
                        took = _batch(app, turn * BATCH, given.people, threads)
                    rates[kind].append(BATCH / took)
            _print(given, threads, rates, apps["chain"], Path(folder) / "chain")
    return 0


def _register(folder: Path) -> Flask:
    settings = load(folder, {})
    schema.upgrade(settings)
    return create_app(settings)


@contextmanager
def without_hashes(plain: bool) -> Iterator[None]:
    """Where `plain`, the log as it would be without its seal: the same columns, no hashes."""
    if not plain:
        yield
        return
    with (
        patch.object(seal, "sealed", lambda *_: b""),
        patch.object(seal, "link", lambda *_: seal.START),
    ):
        yield


def _batch(app: Flask, first: int, people: int, threads: int) -> float:
    """Seconds for a batch of looks, shared out among the threads."""
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        shares = [range(first + own, first + BATCH, threads) for own in range(threads)]
        for done in [pool.submit(_looks, app, share, people) for share in shares]:
            done.result()
    return time.perf_counter() - started


def _looks(app: Flask, numbers: range, people: int) -> None:
    for number in numbers:
        acting = Acting(1, "staff", "sales", f"look {number}", source="127.0.0.1")
        first = 1 + number % 1000
        shown = range(first, first + people)
        with app.app_context(), acting_as(acting):
            acting.notes.shown.update({("contact", id_): {"email", "phone"} for id_ in shown})
            db.session.commit()
            db.session.remove()


def _print(
    given: argparse.Namespace,
    threads: int,
    rates: dict[str, list[float]],
    app: Flask,
    folder: Path,
) -> None:
    with app.app_context():
        verdict = evidence.of_register(db.engine, folder)
        db.engine.dispose()
    if verdict.finding is not None or verdict.entries < given.entries // BATCH * BATCH:
        raise SystemExit(f"the log is not whole: {verdict}")
    ratio = median(a / b for a, b in zip(rates["chain"], rates["plain"], strict=True))
    size = (folder / "wesentra.db").stat().st_size
    middle = {kind: median(found) for kind, found in rates.items()}
    print(
        f"| {threads} | {verdict.entries} | {middle['chain']:.0f} | {middle['plain']:.0f}"
        f" | {ratio:.2f} | {size / verdict.entries:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
