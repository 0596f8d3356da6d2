"""A backup takes the place of the register: what was there is moved aside, never lost.

In this order, so that whatever is killed at any place leaves the old register, or an unfinished
restore that says how it is completed, and nothing between:

1. The backup is unpacked beside the register and looked at. Up to here nothing has changed.
2. `restore.unfinished` is written: from now on nobody opens the register (`wesentra.unfinished`).
3. What was there is moved aside, keys and database are put into their place.
4. What has to be done before anybody sees anything (`finishing`); then the file goes.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from wesentra import clock, unfinished
from wesentra import instance as instances
from wesentra.operations import unusable
from wesentra.operations.backups import (
    contents,
    finishing,
    in_file,
    in_schema,
    laying,
    leftovers,
    newest,
    opening,
    postgresql,
    snapshot,
)
from wesentra.operations.backups.finishing import Finished
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark
from wesentra.unfinished import Unfinished


def into_place(
    settings: Settings,
    name: str,
    source: IO[bytes],
    key: X25519PrivateKey,
    *,
    without_ledger: bool = False,
) -> Finished:
    """Restore a backup over the register of these settings, or where none is yet.

    Raises Refused, and then either nothing has changed or the sentence says what completes it.
    """
    if unfinished.is_there(settings.instance):
        raise Refused(unfinished.SENTENCE)
    where = _where(settings)
    parent = where.work_folder(settings)
    instances.make_folder(settings.instance)
    leftovers.sweep(settings)
    staged = opening.staging(parent, leftovers.STAGING)
    with leftovers.held(staged), _gone_unless_begun(settings, staged):
        begun = _looked_at(settings, name, source, key, staged)
        settings = laying.with_its_ledger(settings, staged, lost=without_ledger)
        newest.demand(settings, staged / contents.LEDGER, without=without_ledger)
        _begin(settings, where, begun)
        return go_on(settings)


@contextmanager
def _gone_unless_begun(settings: Settings, staged: Path) -> Iterator[None]:
    """What was unpacked goes when it comes to nothing; it stays where it is needed to finish."""
    try:
        yield
    except BaseException:
        if not unfinished.is_there(settings.instance):
            shutil.rmtree(staged, ignore_errors=True)
        raise


def _looked_at(
    settings: Settings,
    name: str,
    source: IO[bytes],
    key: X25519PrivateKey,
    staged: Path,
) -> Unfinished:
    manifest = opening.unpacked(name, source, key, staged)
    opening.demand_ours(settings, manifest, name)
    now = clock.now()
    stamp = now.astimezone(clock.HELSINKI).strftime("%Y%m%d_%H%M%S")
    return Unfinished(manifest.at, now, manifest.kind, postgresql.ASIDE + stamp)


def _begin(settings: Settings, where: ModuleType, begun: Unfinished) -> None:
    """From here nobody opens the register; if somebody has it open already, it stays as it is."""
    unfinished.write(settings.instance, begun)
    try:
        with unfinished.completing():
            where.demand_alone(settings)
            empty, (last, numbers) = where.is_empty(settings), where.known(settings)
    except BaseException:
        unfinished.remove(settings.instance)
        raise
    said = replace(begun, empty=empty, last=last, numbers=numbers)
    unfinished.write(settings.instance, said)


def go_on(settings: Settings) -> Finished:
    """Complete a restore that has begun, also one that was killed.

    Raises Refused where none is, and where it stops; it is gone on with by the same again.
    """
    begun = unfinished.read(settings.instance)
    try:
        return _completed(settings, begun)
    except (Refused, OSError, SQLAlchemyError, sqlite3.Error) as error:
        if not unfinished.is_there(settings.instance):
            raise  # what was there is back
        raise Refused(
            mark("The restore stopped: %(reason)s wesentra restore --finish goes on with it."),
            reason=_reason(error, settings.language),
        ) from error


def _reason(error: Exception, language: str) -> str:
    """Why it stopped, as a sentence of its own."""
    if isinstance(error, OSError):
        return f"{error.strerror}."
    refused = error if isinstance(error, Refused) else unusable.refusal(error)
    return say(refused.sentence, refused.values, language)


def _completed(settings: Settings, begun: Unfinished) -> Finished:
    where = _where(settings)
    staged = where.work_folder(settings) / leftovers.STAGING
    with unfinished.completing():
        if not begun.placed:
            where.demand_alone(settings)  # a program of PostgreSQL may outlive who was killed
            _put(settings, where, begun, staged)
            begun = replace(begun, placed=True)
            unfinished.write(settings.instance, begun)
        shutil.rmtree(staged, ignore_errors=True)
        finished = finishing.finish(settings, begun)
    unfinished.remove(settings.instance)
    return finished


def _put(settings: Settings, where: ModuleType, begun: Unfinished, staged: Path) -> None:
    """Keys first: with the database in its place everything is."""
    if not staged.is_dir():
        raise Refused(mark("%(file)s cannot be read. Restore the backup anew."), file=staged)
    laying.lay_keys(settings, begun, staged)
    try:
        where.put(settings, staged, begun.aside)
    except Refused:
        laying.take_back(settings, begun)
        shutil.rmtree(staged, ignore_errors=True)
        unfinished.remove(settings.instance)
        raise


def _where(settings: Settings) -> ModuleType:
    return in_file if snapshot.kind(settings) == "sqlite" else in_schema
