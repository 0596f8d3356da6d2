"""Somebody guesses passwords from four addresses, while a colleague comes in again and again.

The right passwords are among the last guesses. Nobody comes in with them, known
and unknown names are answered in the same words, and the colleague comes in every time.
"""

import re
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from random import Random
from urllib.parse import quote_plus, urlencode, urlsplit

from tests import factories
from tests.attack.findings import Finding, Outcome

SOURCES = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
"""No proxies of ours: what they say of other addresses is not believed."""
GUESSES, FEW = 10_000, 1_000
KNOWN = ("house.staff", "house.privacy", "house.admin", "house.auditor")
UNKNOWN = ("house.guest", "house.nobody", "house.keeper", "house.owner")
COLLEAGUE = "house.staff"
"""Somebody whose password is guessed all the while."""
ONCE = slice(60, 240)
"""These tries are at another name each."""
EVERY_SECONDS = 1.0
MOST_VERIFIED = 4 * 30 + 4
"""30 wrong tries of an address in a quarter of an hour, and as many at the same moment."""
TOKEN = re.compile(r'name="csrf_token" value="(\w+)"')
CHANGING = re.compile(r"\b[0-9a-f]{64}\b|\d+(?= min)")
"""The token of a browser's forms, and the minutes that one waits."""
WRONG, WAIT = "is not right", "Too many wrong tries"


@dataclass
class Browser:
    """A connection from one address, with its cookies."""

    url: str
    authority: str
    source: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        context = ssl.create_default_context(cafile=self.authority)
        place = urlsplit(self.url)
        self.line = HTTPSConnection(
            str(place.hostname),
            place.port,
            timeout=60,
            context=context,
            source_address=(self.source, 0),
        )

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Status and text of an answer."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **self.headers}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body or None, headers)
        answer = self.line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def tries(self, name: str, password: str) -> tuple[int, str]:
        """Send the form of the sign-in, with the token of its page."""
        if "token" not in self.__dict__:
            self.token = _token(self.ask("GET", "/login")[1])
        sent = {"username": name, "password": password, "csrf_token": self.token}
        return self.ask("POST", "/login", urlencode(sent))

    def forget(self) -> None:
        """Be somebody new."""
        self.cookies.clear()
        self.__dict__.pop("token", None)

    def comes_in(self, name: str, password: str) -> bool:
        """Come in anew, as after a night: the session is gone, the browser is known."""
        self.cookies.pop("__Host-wesentra", None)
        self.__dict__.pop("token", None)
        return self.tries(name, password)[0] == 303


@dataclass
class Tally:
    """What came of the guesses, and of the colleague meanwhile."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    came_in: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """`wrong` was verified, `wait` was not; `other` is neither."""
    words: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Kind of answer, and whether the name is known, to the answers without what always changes."""
    colleague: Counter[bool] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def take(self, name: str, status: int, text: str) -> None:
        """One answer to a guess."""
        kind = "wrong" if WRONG in text else "wait" if WAIT in text else "other"
        known = "known" if name in KNOWN else "unknown"
        plain = CHANGING.sub("", text.replace(name, ""))
        with self.lock:
            if status == 303:
                self.came_in.append(name)
            self.answers[kind if status == 422 else "other"] += 1
            self.words.setdefault((kind, known), set()).add(f"{status} {plain}")


def guesses(count: int) -> list[tuple[str, str]]:
    """Names with a password each: a few names again and again, then one try at each of many names,
    then the few again, with the right passwords of the known ones."""
    names, dice = (*KNOWN, *UNKNOWN), Random(1)  # noqa: S311 - names in any order
    chosen = [dice.choice(names) for _ in range(count)]
    chosen[ONCE] = [f"house.{number}" for number in range(ONCE.start, ONCE.stop)]
    made = [(name, f"guess number {n:05} of many") for n, name in enumerate(chosen)]
    for place, name in enumerate(KNOWN, 1):
        made[count - 7 * place] = (name, factories.PASSWORD)
    return made


def attack(url: str, authority: Path, count: int) -> Outcome:
    """All guesses, from every address as fast as the register at `url` answers; `authority` is
    whom it is trusted by."""
    outcome, tally, over = Outcome("guesser", "guesses", least=count), Tally(), threading.Event()
    said = (url, str(authority))
    own = Browser(*said, SOURCES[0])
    if not own.comes_in(COLLEAGUE, factories.PASSWORD):
        outcome.faults.append("a right password was not seen to be right")
        return outcome
    parts = [guesses(count)[number :: len(SOURCES)] for number in range(len(SOURCES))]
    threads = [
        threading.Thread(target=_guess, args=(Browser(*said, source), part, tally))
        for source, part in zip(SOURCES, parts, strict=True)
    ]
    work = threading.Thread(target=_work, args=(own, tally, over))
    for thread in (work, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    work.join()
    judge(tally, outcome)
    return outcome


def _guess(browser: Browser, part: list[tuple[str, str]], tally: Tally) -> None:
    try:
        for number, (name, password) in enumerate(part):
            browser.headers = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
            status, text = browser.tries(name, password)
            tally.take(name, status, text)
            if status == 303:
                browser.forget()
    except (OSError, HTTPException) as error:
        tally.faults.append(f"{browser.source}: {type(error).__name__}")


def _work(browser: Browser, tally: Tally, over: threading.Event) -> None:
    """The colleague comes in at the address of one of those who guess."""
    while not over.is_set():
        began = time.monotonic()
        tally.colleague[browser.comes_in(COLLEAGUE, factories.PASSWORD)] += 1
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        over.wait(EVERY_SECONDS)


def judge(tally: Tally, outcome: Outcome) -> None:
    """What may not have come of it."""
    outcome.asked, verified = sum(tally.answers.values()), tally.answers["wrong"]
    outcome.faults += [*tally.faults, *([] if verified else ["none of them was verified"])]
    found = [("came in", name) for name in tally.came_in]
    if tally.answers["other"] > len(tally.came_in):
        found.append(("another answer", f"{tally.answers['other']} times"))
    if verified > MOST_VERIFIED:
        found.append(("verified", f"{verified}, at most {MOST_VERIFIED}"))
    if tally.colleague[False] or not tally.colleague[True]:
        found.append(("locked out", f"{tally.colleague[False]} times, in {tally.colleague[True]}"))
    for kind in ("wrong", "wait"):
        said = [tally.words.get((kind, known), set()) for known in ("known", "unknown")]
        if said[0] != said[1]:
            found.append(("other words", f"for a name that is known ({kind}): {_apart(*said)}"))
    outcome.findings += [Finding("guesser", "high", name, where) for name, where in found]
    outcome.notes.append(
        f"{verified} of them verified, {len(tally.came_in)} came in; the colleague came in"
        f" {tally.colleague[True]} times meanwhile, at most in {tally.slowest:.1f} s"
    )


def _apart(known: set[str], unknown: set[str]) -> str:
    """A line that only one of the two kinds of names is answered."""
    lines = [{line for text in texts for line in text.splitlines()} for texts in (known, unknown)]
    return next(iter(sorted(lines[0] ^ lines[1])), "in another order").strip()


def _token(page: str) -> str:
    found = TOKEN.search(page)
    return found[1] if found else quote_plus("none")
