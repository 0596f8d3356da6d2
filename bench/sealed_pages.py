"""What the chain costs a page: the register with its log, and with a log that is not sealed.

    python -m bench.sealed_pages [--rounds 40] [--contacts 2000]

Two copies of one SQLite register are asked in turn by one process without a network; in one of
them nothing is hashed. A ratio is the median of the rounds' own ratios.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from bench import population
from bench.chain import without_hashes
from bench.client import signed_in, token
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.settings import load

KINDS = ("chain", "plain")
EACH = 10
"""So many requests are timed together."""


def arguments() -> argparse.Namespace:
    """How often, how many people."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--contacts", type=int, default=2000)
    return parser.parse_args()


def main() -> int:
    """Measure and print one table."""
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / KINDS[0]
        population.fill(load(first, {}), given.contacts, given.contacts // 4, 1)
        shutil.copytree(first, Path(folder) / KINDS[1])
        apps = {kind: create_app(load(Path(folder) / kind, {})) for kind in KINDS}
        pages = {kind: _pages(signed_in(app), given.contacts) for kind, app in apps.items()}
        _print({name: _measured(pages, name, given.rounds) for name in pages[KINDS[0]]})
        for app in apps.values():
            with app.app_context():
                db.engine.dispose()
    return 0


def _pages(client: FlaskClient, contacts: int) -> dict[str, Callable[[int], int]]:
    """How each page is asked for the n-th time; the answer's status."""
    sent = {"csrf_token": token(client, "/")}

    def one(turn: int) -> str:
        return f"/contacts/{1 + turn * 7 % contacts}"

    def save(turn: int) -> int:
        form = sent | {"value": f"+35850{turn:07d}", "version": "1"}
        return client.post(f"{one(turn)}/edit/phone", data=form).status_code

    return {
        "contact": lambda turn: client.get(one(turn)).status_code,
        "list of 50": lambda turn: client.get(f"/contacts/?after={turn + 1}").status_code,
        "search": lambda turn: client.get("/search/?q=ma").status_code,
        "save": save,
    }


def _measured(
    pages: dict[str, dict[str, Callable[[int], int]]], name: str, rounds: int
) -> dict[str, list[float]]:
    """Seconds of one request, a figure a round; the first round only warms up."""
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for turn in range(rounds + 1):
        for kind in KINDS if turn % 2 else reversed(KINDS):
            with without_hashes(kind == "plain"):
                started = time.perf_counter()
                codes = {pages[kind][name](turn * EACH + number) for number in range(EACH)}
                seconds = (time.perf_counter() - started) / EACH
            if not codes <= {200, 303}:
                raise SystemExit(f"{name}: {codes}")
            if turn:
                took[kind].append(seconds)
    return took


def _print(results: dict[str, dict[str, list[float]]]) -> None:
    print("| page | chain ms | plain ms | chain/plain |\n|---|--:|--:|--:|")
    for name, took in results.items():
        ratio = median(a / b for a, b in zip(took["chain"], took["plain"], strict=True))
        chain, plain = (median(took[kind]) * 1e3 for kind in KINDS)
        print(f"| {name} | {chain:.2f} | {plain:.2f} | {ratio:.3f} |")


if __name__ == "__main__":
    raise SystemExit(main())
