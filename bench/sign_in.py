"""Whether the time of an answer tells that a name is known: sign-in with the throttle off.

    python -m bench.sign_in --tries 2000
    python -m bench.sign_in --tries 2000 --quick

Wrong passwords for names that are known, unknown and closed, mixed at random, through the real
server of one process, over one connection. The control compares known names with other known ones.
`--quick`: with the smallest parameters of argon2id, so that a small difference beside it is seen.
"""

import argparse
import random
import ssl
import tempfile
import time
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import update

from bench import difference, population
from bench.browser import Browser, token_in
from bench.processes import served
from bench.served import UNTHROTTLED, hash_quickly
from wesentra.models import User
from wesentra.operations import schema
from wesentra.settings import load

EACH = 20
"""Names of each kind."""
WARM_UP = 40
CONTACTS = 500
Times = dict[str, list[float]]
PAIRS = (("known", "unknown"), ("known", "closed"), ("known, one half", "known, other half"))


def arguments() -> argparse.Namespace:
    """How often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tries", type=int, default=2000, help="known and unknown names together")
    parser.add_argument("--quick", action="store_true", help="passwords cost next to nothing")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    """Measure and print one table."""
    given = arguments()
    dice = random.Random(given.seed)
    if given.quick:
        hash_quickly()
    with tempfile.TemporaryDirectory() as folder:
        settings = load(Path(folder), {})
        population.fill(settings, CONTACTS, CONTACTS // 2, 2 * EACH)
        with schema.opened(settings.database_owner_url) as connection:
            closed = User.__table__.c.id > EACH
            at = {"disabled_at": population.START}
            connection.execute(update(User.__table__).where(closed).values(at))
        with served(UNTHROTTLED[given.quick], settings.instance, 1) as url:
            times = _measured(url, _order(given.tries, dice))
    _table(times)
    return 0


def _order(tries: int, dice: random.Random) -> list[tuple[str, str]]:
    """Kind and name of each try; half as many of the closed ones as of the others."""
    names = {
        "known": [population.user_name(number) for number in range(1, EACH + 1)],
        "unknown": [f"wench{number}" for number in range(1, EACH + 1)],
        "closed": [population.user_name(number) for number in range(EACH + 1, 2 * EACH + 1)],
    }
    counts = {"known": tries // 2, "unknown": tries // 2, "closed": tries // 4}
    made = [(kind, names[kind][n % EACH]) for kind, count in counts.items() for n in range(count)]
    dice.shuffle(made)
    return made


def _measured(url: str, order: list[tuple[str, str]]) -> Times:
    """Milliseconds from the sending of each form to the last byte of its answer."""
    visitor = Browser(url)
    token = token_in(visitor.get("/login").text)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    context = ssl._create_unverified_context()  # noqa: S323 - our own, on this machine
    line = HTTPSConnection(urlsplit(url).netloc, timeout=30, context=context)
    kind_of_body = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    times: Times = {name: [] for pair in PAIRS for name in pair}
    halves = PAIRS[-1]
    for number, (kind, name) in enumerate([*order[:WARM_UP], *order]):
        sent = {"username": name, "password": "not the password", "csrf_token": token}
        began = time.perf_counter()
        line.request("POST", "/login", urlencode(sent), kind_of_body)
        answer = line.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 422:
            raise SystemExit(f"the sign-in answered {answer.status}")
        if number >= WARM_UP:
            times[kind].append(took)
            if kind == "known":
                times[halves[len(times[kind]) % 2]].append(took)
    return times


def _table(times: Times) -> None:
    print("| wrong passwords of | tries | median ms | later | Mann-Whitney p | K-S distance | p |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for pair in PAIRS:
        first, second = (times[name] for name in pair)
        found = difference.between(first, second)
        medians = f"{found.medians[0]:.2f}, {found.medians[1]:.2f}"
        tests = f"{found.mann_whitney:.3f} | {found.distance:.3f} | {found.kolmogorov:.3f}"
        counts = f"{len(first)}, {len(second)}"
        print(f"| {' / '.join(pair)} | {counts} | {medians} | {found.later:.3f} | {tests} |")
    halves = [times[name] for name in PAIRS[-1]]
    print(f"\nA difference of {difference.least_found(*halves):.2f} ms would have been found.")


if __name__ == "__main__":
    raise SystemExit(main())
