"""Attack a register that is served for it: `make attack`, in a short form `make attack SHORT=1`.

Prints a line for each tool, and what is weak; exit code 1 when something is, or when a tool was
blind. A tool that is not on this machine is named loudly, and in CI it is a failure.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests import network
from tests.attack import bandit, control, guesser, register, sqlmap, testssl, wapiti
from tests.attack.accepted import ACCEPTED
from tests.attack.findings import Outcome, faults_of
from tests.browser.houses import ROLES

Step = Callable[[], Outcome]
TOOLS = ("bandit", "control", "testssl", "guesser", "wapiti", "sqlmap")
NO_API = "schemathesis: not run, there is no API (pages and forms only)"


def arguments() -> argparse.Namespace:
    """How much, and of what."""
    parser = argparse.ArgumentParser(prog="tests.attack", description="Attack a served register.")
    parser.add_argument("--short", action="store_true", help="what CI runs")
    parser.add_argument("--only", nargs="*", choices=TOOLS, default=TOOLS)
    parser.add_argument("--keep", type=Path, help="keep registers and reports in this folder")
    return parser.parse_args()


def main() -> int:
    """Run every tool in turn; 0 when nothing weak was found by tools that can see."""
    given = arguments()
    network.close()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        outcomes = list(_run(given, folder))
    return _told(outcomes)


def _run(given: argparse.Namespace, folder: Path) -> Iterator[Outcome]:
    home = folder / "tools"
    alone: dict[str, Step] = {
        "bandit": partial(bandit.attack, home),
        "control": partial(control.attack, home, given.short),
    }
    yield from (_timed(name, step) for name, step in alone.items() if name in given.only)
    large = ("wapiti",) if given.short and given.only is TOOLS else ()
    against = [name for name in TOOLS if name in given.only and name not in (*alone, *large)]
    if not against:
        return
    roles = ("staff",) if given.short else ROLES
    with register.served(folder, roles) as served:
        steps: dict[str, Step] = {
            "testssl": partial(testssl.attack, served, home, given.short),
            "guesser": partial(_guessed, served, given.short),
            "wapiti": partial(wapiti.attack, served, home, given.short),
            "sqlmap": partial(sqlmap.attack, served, home, given.short),
        }
        yield from (_timed(name, steps[name]) for name in against)


def _guessed(served: register.Register, short: bool) -> Outcome:
    served.restore()
    count = guesser.FEW if short else guesser.GUESSES
    return guesser.attack(served.url, served.server.authority, count)


def _timed(name: str, step: Step) -> Outcome:
    """One tool; who waits sees which, and how long it took."""
    print(f"attack: {name} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    outcome = step()
    outcome.notes.append(f"{time.monotonic() - began:.0f} s")
    return outcome


def _told(outcomes: list[Outcome]) -> int:
    faults = [fault for outcome in outcomes for fault in faults_of(outcome, ACCEPTED)]
    lacking = [outcome for outcome in outcomes if outcome.lacks]
    for outcome in outcomes:
        print("; ".join([outcome.line(), *outcome.notes]))
    print(NO_API)
    for one in [finding for outcome in outcomes for finding in outcome.findings]:
        reason = next((each.reason for each in ACCEPTED if each.covers(one)), "")
        if reason:
            print(f"accepted: {one}: {reason}")
    for fault in faults:
        print(f"WEAK: {fault}")
    for outcome in lacking:
        print(f"NOT ATTACKED, missing: {outcome.lacks}")
    return 1 if faults or (lacking and os.environ.get("CI") == "true") else 0


if __name__ == "__main__":
    raise SystemExit(main())
