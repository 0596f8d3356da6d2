"""A purge while people work: how long a run of retention takes, and what five users feel of it.

    python -m bench.purge [--contacts 1000000] [--going 10000] [--keep FOLDER]

A register on SQLite is filled and dated. Then `--going` of its contacts go in one run, in a process
of its own, while five users open people, search, list and save numbers through the real server; as
long before it and after it they do the same without.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from sqlalchemy import delete, func, select, update

from bench import population
from bench.browser import Browser
from bench.processes import served
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.compliance.retention import dates, plan
from wesentra.compliance.retention import run as retention_run
from wesentra.models import Company, Contact, RetentionDue, RetentionRun, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import meant_to_write
from wesentra.models.codes import Group
from wesentra.operations import schema
from wesentra.settings import Settings, load

USERS = 5
PAUSE = 0.5
"""Seconds that a user looks at a page, in the mean."""
ALONE = 60.0
"""Seconds of work without a purge, before it and after it."""
TOGETHER = 5_000
Took = dict[str, list[float]]


def arguments() -> argparse.Namespace:
    """How many are there, how many go."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--going", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="use this folder again, and leave it")
    return parser.parse_args()


def main() -> int:
    """Measure and print two tables."""
    given = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        settings = load(folder, {})
        population.fill(settings, given.contacts, given.contacts // 4, USERS)
        _spread(settings)
        with _acting(folder):
            _date_everybody()
            day = _day_on_which(given.going)
        with served("on", folder, 1) as url:
            users = [Browser(url) for _ in range(USERS)]
            tokens = [_token(number, one) for number, one in enumerate(users, 1)]
            pages = [_pages(*pair, given.contacts) for pair in zip(users, tokens, strict=True)]
            before = _worked(pages, _for(ALONE))
            begun = time.monotonic()
            process = subprocess.Popen([sys.executable, "-m", __spec__.name, "run", folder, day])
            during = _worked(pages, lambda: process.poll() is None)
            seconds = time.monotonic() - begun
            if process.returncode:
                return process.returncode
            after = _worked(pages, _for(ALONE))
    print(f"\nThe whole process: {seconds:.0f} s.\n")
    _table({"before": before, "during": during, "after": after})
    return 0


def _spread(settings: Settings) -> None:
    """Former customers here have no end of a contract, so that all would go on one day."""
    contact = db.metadata.tables["contact"]
    with schema.opened(settings.database_owner_url) as connection:
        former = update(contact).where(contact.c.group == Group.FORMER_CUSTOMER)
        connection.execute(former.values({"group": Group.PROSPECT}))
        connection.execute(delete(db.metadata.tables["row_change"]))  # nobody is to tell of these


@contextmanager
def _acting(folder: Path) -> Iterator[None]:
    app = create_app(load(folder, {}))
    with app.app_context(), acting_as(Acting(None, "system", "maintenance", "bench")):
        yield
        db.session.remove()
        db.engine.dispose()


def _date_everybody() -> None:
    """Write every stored date, as the register's own listener would have done one by one."""
    if db.session.scalar(select(func.count()).select_from(RetentionDue)):
        return
    for kind, class_ in (("contact", Contact), ("company", Company)):
        last = db.session.scalar(
            select(func.max(class_.id)), execution_options=seen_by_program("figure")
        )
        for first in range(1, (last or 0) + 1, TOGETHER):
            with meant_to_write(), clock.turned_to(population.START):  # owners were asked in time
                dates.keep(kind, range(first, first + TOGETHER))
                db.session.commit()


def _day_on_which(going: int) -> str:
    """The day by which about so many contacts go."""
    query = select(RetentionDue.due_on).where(RetentionDue.contact_id.is_not(None))
    found = db.session.scalar(query.order_by(RetentionDue.due_on).offset(going).limit(1))
    if found is None:
        raise SystemExit("fewer people are in the register")
    return found.isoformat()


# --- the run ------------------------------------------------------------------------------------


def run(folder: str, day: str) -> None:
    """What the purging process does; it says how long its parts took."""
    with _acting(Path(folder)):
        begun = time.monotonic()
        going = plan.of(date.fromisoformat(day)).number()
        planned = time.monotonic()
        number = retention_run.carry_out(date.fromisoformat(day))
        ended = time.monotonic()
        counts = db.session.get_one(RetentionRun, number).counts
    gone = counts.get("gone.contact", 0), counts.get("gone.company", 0)
    each = 1000 * (ended - planned - (planned - begun)) / sum(gone)
    print(f"The plan of {counts['everybody']} records, {going} go: {planned - begun:.1f} s.")
    print(f"The run with a plan of its own: {ended - planned:.1f} s; {gone[0]} contacts and")
    print(f"{gone[1]} companies went, {each:.1f} ms each; {counts.get('asked', 0)} asked about.")


# --- five users ---------------------------------------------------------------------------------

Ask = Callable[[random.Random], int]


def _token(number: int, user: Browser) -> str:
    return user.sign_in(population.user_name(number), population.PASSWORD).token


def _pages(user: Browser, token: str, contacts: int) -> dict[str, Ask]:
    """What a user asks for; the status of the answer."""

    def one(dice: random.Random) -> str:
        return f"/contacts/{dice.randint(1, contacts)}"

    def save(dice: random.Random) -> int:
        values = {"value": f"+35850{dice.randint(0, 9_999_999):07d}", "version": "1"}
        return user.post(f"{one(dice)}/edit/phone", csrf_token=token, **values).status

    return {
        "open": lambda dice: user.get(one(dice)).status,
        "search": lambda dice: user.get(f"/search?q={quote(population.word(dice)[:4])}").status,
        "list": lambda _: user.get("/contacts/").status,
        "save": save,
    }


def _for(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def _worked(pages: list[dict[str, Ask]], goes_on: Callable[[], bool]) -> Took:
    """Milliseconds of each answer, by page, of all users together.

    404 and 409 are answers: the person has gone, or the number was saved before.
    """
    took: Took = {name: [] for name in pages[0]}

    def work(number: int, own: dict[str, Ask]) -> None:
        dice = random.Random(time.monotonic_ns() + number)
        while goes_on():
            name = dice.choice(list(own))
            begun = time.perf_counter()
            status = own[name](dice)
            took[name].append(1000 * (time.perf_counter() - begun))
            if status >= 400 and status not in (404, 409, 410):
                print(f"{name}: {status}")
            time.sleep(dice.expovariate(1 / PAUSE))

    users = [threading.Thread(target=work, args=pair) for pair in enumerate(pages)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    return took


def _table(phases: dict[str, Took]) -> None:
    print("| | " + " | ".join(f"{name}: times, p50, p95, most ms" for name in phases) + " |")
    print("|---|" + "--:|" * len(phases))
    for page in next(iter(phases.values())):
        cells = []
        for took in phases.values():
            cut = quantiles(took[page], n=20)
            cells.append(f"{len(took[page])}, {cut[9]:.0f}, {cut[-1]:.0f}, {max(took[page]):.0f}")
        print(f"| {page} | {' | '.join(cells)} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(*sys.argv[2:])
    else:
        sys.exit(main())
