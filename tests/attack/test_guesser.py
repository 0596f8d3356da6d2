"""The guesser of the attack comes in where it can, and nowhere else."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.attack import guesser
from tests.attack.findings import Outcome, faults_of
from tests.databases import sqlite_only
from tests.servers import served
from wesentra.accounts import throttle
from wesentra.operations import tls

GUESSES = 320


@contextmanager
def register(app: Flask, folder: Path) -> Iterator[tuple[str, Path]]:
    """The register with the colleagues whose passwords are guessed: its address and authority."""
    for name in guesser.KNOWN:
        factories.user(app, name.partition(".")[2], name=name)
    files = tls.ensure(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    with served(app, context) as url:
        yield url, files.authority


def attacked(app: Flask, folder: Path) -> Outcome:
    with register(app, folder) as (url, authority):
        return guesser.attack(url, authority, GUESSES)


@sqlite_only
def test_the_guesser_stays_outside_while_the_colleague_comes_in(app: Flask, tmp_path: Path) -> None:
    outcome = attacked(app, tmp_path)
    assert faults_of(outcome, ()) == []
    assert outcome.asked == GUESSES


@sqlite_only
def test_the_guesser_comes_in_where_nobody_has_to_wait(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the throttle off the same guesses have to be seen to come in."""
    monkeypatch.setattr(throttle, "_demand_turn", lambda *_: None)
    found = {(one.name, one.where) for one in attacked(app, tmp_path).findings}
    assert {("came in", name) for name in guesser.KNOWN} <= found
    assert any(name == "verified" for name, _ in found)
