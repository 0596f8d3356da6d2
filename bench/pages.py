"""What the access log costs: pages over HTTPS with it, without it, and next to a bare page.

    python -m bench.pages --contacts 100000 --clients 8 --workers 2 --keep /tmp/bench

Three servers on one database (SQLite, made once) are asked in turn: bare, off, on, bare, ... The
table gives medians of the rounds; a ratio is the median of the rounds' own ratios. After each
run with the log, the entries are counted: fewer entries than answers is an error.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median

from bench import population, wrk
from bench.browser import Browser
from bench.processes import served
from bench.served import KINDS
from wesentra.operations.serve import THREADS
from wesentra.settings import Settings, load

Results = dict[str, dict[str, list[wrk.Measured]]]


def arguments() -> argparse.Namespace:
    """How much, how long, how many."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3, help="of each run")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2, help="processes of each server")
    parser.add_argument("--only", nargs="*", help="pages to ask for, by their name in the table")
    parser.add_argument("--keep", type=Path, help="keep the database here for the next time")
    return parser.parse_args()


def main() -> int:
    """Measure and print one table."""
    if wrk.missing():
        print("wrk is missing: install the Debian package wrk.", file=sys.stderr)
        return 1
    given = arguments()
    with _folder(given.keep) as folder, ExitStack() as stack:
        settings = load(folder / f"register-{given.contacts}", {})
        population.fill(settings, given.contacts, given.contacts * 2 // 5, 2 * given.clients)
        urls = {
            kind: stack.enter_context(served(kind, settings.instance, given.workers))
            for kind in KINDS
        }
        scripts = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        print(_heading(given))
        _table(_measured(given, settings, urls, _scripts(given, urls["on"], scripts)))
    return 0


def _scripts(given: argparse.Namespace, url: str, folder: Path) -> dict[str, Path]:
    """The scripts of the pages that were asked for and that the register has."""
    sessions = [
        Browser(url).sign_in(population.user_name(number), population.PASSWORD)
        for number in range(1, 2 * given.clients + 1)
    ]
    written = wrk.write(folder, given.contacts, sessions, _words())
    return {
        name: script
        for name, script in written.items()
        if name in (given.only or written) and _answers(url, sessions[0], name)
    }


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep


def _words() -> list[str]:
    """Beginnings of names, as people type them: three to five letters."""
    dice = random.Random(7)
    names = (population.word(dice).lower() for _ in range(500))
    return sorted({name[: dice.randint(3, 5)] for name in names if name.isascii()})


def _answers(url: str, session: wrk.Session, name: str) -> bool:
    """Whether the register has this page."""
    address = wrk.ADDRESSES.get(name, "/contacts/NUMBER/edit/phone")
    address = address.replace("NUMBER", "1").replace("WORD", "mat")
    return Browser(url, session.cookie).get(address).status == 200


def _measured(
    given: argparse.Namespace, settings: Settings, urls: dict[str, str], scripts: dict[str, Path]
) -> Results:
    results: Results = {name: {kind: [] for kind in KINDS} for name in scripts}
    for turn in range(given.rounds + 1):
        for name, script in scripts.items():
            for kind in KINDS:
                before = _entries(settings)
                seconds = given.seconds if turn else 1
                one = wrk.run(script, urls[kind], given.clients, seconds)
                if one.failures or not one.requests:
                    raise SystemExit(f"{name}, {kind}: {one.failures} failures of {one.requests}")
                if kind == "on" and _entries(settings) - before < one.requests:
                    raise SystemExit(f"{name}: fewer entries than answers")
                if turn:  # the first round only warms up
                    results[name][kind].append(one)
    return results


def _entries(settings: Settings) -> int:
    """How many entries the log has had."""
    with closing(sqlite3.connect(settings.instance / "wesentra.db")) as connection:
        last: int | None = connection.execute("SELECT max(id) FROM log_entry").fetchone()[0]
    return last or 0


def _heading(given: argparse.Namespace) -> str:
    return (
        f"{given.contacts} contacts, SQLite, HTTPS, {given.clients} clients, {given.workers} worker"
        f" processes with {THREADS} threads each,"
        f" {given.rounds} rounds of {given.seconds:g} s, medians.\n"
        "on: the register with its access log; off: without; bare: Flask and raw SQL."
    )


def _table(results: Results) -> None:
    print("| | on /s | off /s | bare /s | on/off | on/bare | on p50, p95 ms | off | bare |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, kinds in results.items():
        rates = [f"{median(one.rate for one in kinds[kind]):.0f}" for kind in ("on", "off", "bare")]
        ratios = [f"{_ratio(kinds['on'], kinds[other]):.2f}" for other in ("off", "bare")]
        times = [
            f"{_middle(kinds[kind], lambda one: one.p50):.1f},"
            f" {_middle(kinds[kind], lambda one: one.p95):.1f}"
            for kind in ("on", "off", "bare")
        ]
        print(f"| {' | '.join([name, *rates, *ratios, *times])} |")


def _middle(measured: list[wrk.Measured], figure: Callable[[wrk.Measured], float]) -> float:
    return median(figure(one) for one in measured)


def _ratio(ours: list[wrk.Measured], theirs: list[wrk.Measured]) -> float:
    return median(our.rate / their.rate for our, their in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    raise SystemExit(main())
