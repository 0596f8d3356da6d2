"""A provider that hangs holds up a few, and nobody for long."""

import threading
from contextlib import suppress

import pytest
from requests import Session
from requests.exceptions import InvalidSchema

from wesentra.accounts.sso import fetching
from wesentra.accounts.sso.failing import NotSignedOn


def tried(held: threading.Event) -> None:
    with suppress(NotSignedOn):
        fetching.in_time(held.wait)


def all_places_are_taken() -> bool:
    if fetching._places.acquire(blocking=False):
        fetching._places.release()
        return False
    return True


def test_a_few_wait_and_the_others_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", -0.9)
    held = threading.Event()
    waiting = [threading.Thread(target=tried, args=(held,)) for _ in range(fetching.AT_ONCE)]
    for thread in waiting:
        thread.start()
    while not all_places_are_taken():
        threading.Event().wait(0.01)
    for thread in waiting:
        thread.join()  # too late for them; what they began still has its places
    with pytest.raises(NotSignedOn) as no:
        fetching.in_time(lambda: 1)
    assert no.value.reason == "too many wait for the provider"
    held.set()
    while all_places_are_taken():
        threading.Event().wait(0.01)
    monkeypatch.undo()
    assert fetching.in_time(lambda: 1) == 1


def test_what_breaks_is_told_to_who_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        fetching.in_time(lambda: 1 // 0)


@pytest.mark.parametrize("address", ["http://sso.example/", "http://a@127.0.0.1/", "ftp://x/"])
def test_an_address_in_the_clear_is_not_asked(address: str) -> None:
    with pytest.raises((NotSignedOn, InvalidSchema)):
        fetching.careful(Session()).get(address)
