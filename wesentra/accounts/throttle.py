"""Guesses are slowed down, over restarts, addresses and servers; nobody can lock a colleague out.

Each try of a name runs in a lane of its own:

* a browser in which this name signed in before (it has a cookie that says so),
* an address from which it signed in before,
* everybody else, from wherever, together.

In each lane five wrong tries a day are free; then one has to wait after each, twice as long as
before, a quarter of an hour in the end: about a hundred guesses a day at one account, from however
many addresses. They fill the strangers' lane and leave the owner's own. From one address 30 wrong
tries of any names are taken in a quarter of an hour, but for browsers that are known.

A try is counted before it is verified, or a hundred at the same moment would all be the first. An
unknown name has lanes like any other.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from flask import g
from sqlalchemy import delete, func, select

from wesentra import clock
from wesentra.accounts import known_browser
from wesentra.models import SignInAddress, SignInAttempt, db
from wesentra.models.base import meant_to_write
from wesentra.refusal import Refused
from wesentra.texts import mark

DAY = timedelta(days=1)
"""How long a wrong try counts in its lane."""
FREE = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=4), timedelta(minutes=15)
WINDOW = timedelta(minutes=15)
PER_SOURCE = 30
REMEMBERED = timedelta(days=90)
"""How long an address is known from which somebody signed in."""
TURN = 7300252
"""The advisory lock by which tries of several servers are counted one after the other."""


def wait_after(wrong: int) -> timedelta:
    """How long one has to wait after so many wrong tries in one lane."""
    if wrong < FREE:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(wrong - FREE, 20)))


def check(name: str, source: str) -> None:
    """Count this try and commit that; refuse it when there were too many wrong ones lately.

    A refused try is not counted: the waiting does not grow by it. It is asked about without the
    write lock first, so that whoever guesses by thousands holds up nobody who works. What the
    request has not committed before is rolled back.
    """
    db.session.close()
    with meant_to_write(False):
        _demand_turn(name, source)
        db.session.close()
    with meant_to_write():
        _take_turn()
        _demand_turn(name, source)
        attempt = SignInAttempt(lane=_lane(name, source), source=_network(source), at=clock.now())
        db.session.add(attempt)
        db.session.flush()
        g.sign_in_attempt = attempt.id
        db.session.commit()
        db.session.close()


def failed(name: str, source: str) -> None:
    """Leave a wrong try counted (one that was not checked is counted now); forget old ones."""
    now = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - DAY))
    if g.pop("sign_in_attempt", None) is None:
        attempt = SignInAttempt(lane=_lane(name, source), source=_network(source), at=now)
        db.session.add(attempt)


def is_told(source: str) -> bool:
    """Whether a wrong try without a name, which needs no knowledge, is an entry of the log.

    From one address so many are in a quarter of an hour, or anybody could fill the log. None is
    refused for it: a passkey is not guessed, and colleagues behind the same address come in.
    """
    now, lane = clock.now(), known_browser.keyed(f"nameless:{_network(source)}")
    lately = (SignInAttempt.lane == lane, SignInAttempt.at > now - WINDOW)
    if (db.session.scalar(select(func.count()).where(*lately)) or 0) >= PER_SOURCE:
        return False
    db.session.add(SignInAttempt(lane=lane, source="nobody", at=now))
    return True


def passed(name: str, source: str) -> None:
    """Somebody came in: this try counts no more, and browser and address are known from now on.

    Wrong tries before it are forgotten in a lane of the browser's own only: whoever guesses in
    another would get new ones with each time that the owner comes in. Codes have lanes of their own
    (`second_factor`): whoever has a password and guesses at the code wins nothing by the password.
    """
    own = SignInAttempt.id == g.pop("sign_in_attempt", 0)
    if known_browser.of(name) is not None:
        own |= SignInAttempt.lane == _lane(name, source)
    db.session.execute(delete(SignInAttempt).where(own))
    known_browser.remember(name)
    _remember(name, source)


def _remember(name: str, source: str) -> None:
    """Note the address, and forget those that nobody came from for long."""
    now, place, hashed = clock.now(), _network(source), known_browser.keyed(f"name:{_same(name)}")
    own = (SignInAddress.name_hash == hashed) & (SignInAddress.source == place)
    old = SignInAddress.at < now - REMEMBERED
    _take_turn()
    db.session.execute(delete(SignInAddress).where(own | old))
    db.session.add(SignInAddress(name_hash=hashed, source=place, at=now))


def _demand_turn(name: str, source: str) -> None:
    """Refuse while the lane or the address has to wait, and end the transaction then."""
    now = clock.now()
    until = _until(_lane(name, source), now)
    if known_browser.of(name) is None:
        until = max(until, _until_from(_network(source), now))
    if until > now:
        db.session.close()
        raise Refused(
            mark("Too many wrong tries. Wait for %(minutes)s min and try again."),
            minutes=ceil((until - now) / timedelta(minutes=1)),
        )


def _until(lane: str, now: datetime) -> datetime:
    """Until when a lane has to wait; one with free tries left does not, although another try may
    have been counted since `now`."""
    of_lane = (SignInAttempt.lane == lane, SignInAttempt.at > now - DAY)
    found = select(func.count(), func.max(SignInAttempt.at)).where(*of_lane)
    wrong, last = db.session.execute(found).one()
    return last + wait_after(wrong) if last and wrong >= FREE else now


def _until_from(place: str, now: datetime) -> datetime:
    """Until when an address has to wait: till fewer than `PER_SOURCE` of its tries count."""
    from_there = (SignInAttempt.source == place, SignInAttempt.at > now - WINDOW)
    newest_first = select(SignInAttempt.at).where(*from_there).order_by(SignInAttempt.at.desc())
    filling = db.session.scalar(newest_first.offset(PER_SOURCE - 1).limit(1))
    return filling + WINDOW if filling else now


def _lane(name: str, source: str) -> str:
    """Where a try is counted: by browser, by address, or with all strangers."""
    browser = known_browser.of(name)
    if browser is not None:
        return known_browser.keyed(f"browser:{_same(name)}:{browser}")
    hashed, place = known_browser.keyed(f"name:{_same(name)}"), _network(source)
    known = select(SignInAddress.id).where(
        SignInAddress.name_hash == hashed,
        SignInAddress.source == place,
        SignInAddress.at > clock.now() - REMEMBERED,
    )
    where = place if db.session.scalar(known) is not None else ""
    # The address first, which has no space: no name that is typed looks like another's with one.
    return known_browser.keyed(f"from:{where} {_same(name)}")


def _network(source: str) -> str:
    """The address itself, of IPv6 the network: one machine has as many of those as it likes."""
    try:
        address = ip_address(source)
    except ValueError:
        return source[:60]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _same(name: str) -> str:
    return name.strip().lower()


def _take_turn() -> None:
    """On PostgreSQL wait for those who are being counted; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(TURN)))
