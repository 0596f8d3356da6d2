"""The log put to the test: the register's own, or an export on a machine without the register."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, MultipleResultsFound, NoResultFound, OperationalError

from wesentra.audit import deliveries, exported, keys, results, seal, stored
from wesentra.audit.chain import Chain
from wesentra.audit.copies import Copies
from wesentra.audit.material import Evidence
from wesentra.audit.results import By
from wesentra.audit.seal import Checkpoint
from wesentra.audit.targets import Folder, targets_of
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.audit.verification import verify
from wesentra.models.base import meant_to_write
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

SENTENCES = {
    Fault.CHANGED: mark("Entry %(entry)s of the log was changed."),
    Fault.MISSING: mark("Entry %(entry)s of the log is missing."),
    Fault.INSERTED: mark("Entry %(entry)s of the log was put in from outside."),
    Fault.MOVED: mark("Entry %(entry)s of the log was moved: it stands at %(other)s."),
    Fault.CUT: mark("The log ends too early: the entries %(entry)s to %(other)s are gone."),
    Fault.REWRITTEN: mark(
        "The log was written anew somewhere between the entries %(entry)s and %(other)s."
    ),
    Fault.UNSIGNED: mark("The entries %(entry)s to %(other)s of the log were never signed."),
    Fault.LATE: mark(
        "The entries %(entry)s to %(other)s of the log were not signed in their time: checkpoints "
        "are missing."
    ),
    Fault.UNVOUCHED: mark(
        "No checkpoint in the file covers the entries %(entry)s to %(other)s: nothing shows who "
        "wrote them."
    ),
    Fault.OTHER_KEY: mark("The checkpoint at entry %(entry)s was not signed by the log's key."),
    Fault.CHECKPOINT: mark("A checkpoint before the one at entry %(entry)s is missing."),
    Fault.ANCHOR: mark(
        "The anchor at entry %(entry)s does not fit: nothing vouches for what was before it."
    ),
    Fault.ANCHOR_KEY: mark("The anchor at entry %(entry)s was not signed by the log's key."),
    Fault.REDACTED: mark("Entry %(entry)s of the log was redacted, and no entry says so."),
    Fault.WAYS: mark("Entry %(entry)s of the log is not found by the people whom it concerns."),
    Fault.HOLD: mark("Hold %(entry)s of the log was taken away, and no entry says so."),
    Fault.FIGURES: mark("The figures of %(day)s are not those of its entries."),
    Fault.OLD_FIGURES: mark(
        "The figures up to %(day)s are not those that were signed when their entries went."
    ),
    Fault.COPIES: mark(
        "The folder for copies does not hold what was copied there, or cannot be read. Without it "
        "nobody sees whether the log was cut."
    ),
    Fault.RESTORED: mark(
        "A backup was restored, and what the log had from entry %(entry)s on is lost. The privacy "
        "contact has not said yet that they know (also: wesentra log acknowledge)."
    ),
    Fault.UNREADABLE: mark(
        "The log cannot be read: something stands there that was never written."
    ),
}

JUNK = (
    *(ValueError, TypeError, OverflowError, AttributeError, RecursionError),
    *(DataError, NoResultFound, MultipleResultsFound),
)
"""What comes of reading values that Wesentra never wrote."""
Quick = Callable[[Evidence], Verdict | None]
"""A faster way to see that nothing is wrong; says None when it cannot."""
UNREADABLE = Verdict(0, 0, Finding(Fault.UNREADABLE, 0))


def refusal(finding: Finding) -> Refused:
    """What happened, in a sentence."""
    day = finding.day.isoformat() if finding.day else ""
    return Refused(SENTENCES[finding.fault], entry=finding.entry, other=finding.other, day=day)


def checkpoint(engine: Engine, settings: Settings, *, daily: bool = False) -> Checkpoint | None:
    """Sign the log as it is; None when the last checkpoint covers every entry.

    Whatever lacks in the places of copies is brought there, `daily` also to those that are served
    once a day. Raises Refused when that fails.
    """
    made = _sign(engine, settings.instance)
    Copies(targets_of(settings)).bring(engine, daily=daily)
    return made


def examined(
    engine: Engine,
    settings: Settings,
    made_by: By,
    copies: Path | None = None,
    quick: Quick | None = None,
) -> Verdict:
    """Verify the register's log and store what came of it.

    It is compared with the copies in the folder for them, if there is one, and with those in the
    file `copies`. What the folder took and does not hold any more is a fault by itself. `quick` is
    asked first; where it says nothing the log is walked here.
    """
    begun = time.monotonic()
    given = _copies(copies)
    kept, lacking = _in_folder(engine, settings.log_copies)
    verdict = _of_register(engine, settings.instance, [*given, *kept], quick)
    if lacking and verdict.finding is None:
        finding = Finding(Fault.COPIES, 0, lacking)
        verdict = replace(verdict, finding=finding, compared=max(lacking, verdict.compared))
    results.keep(engine, verdict, made_by, time.monotonic() - begun)
    return verdict


def _in_folder(engine: Engine, folder: Path | None) -> tuple[Sequence[Checkpoint], int]:
    """The copies in the folder; and the last one that it took, where that one lacks (else 0)."""
    if folder is None:
        return (), 0
    place = Folder(folder)
    with engine.connect() as connection:  # before the file, which others add to
        taken = deliveries.of_target(connection, place.name).number
    try:
        kept = place.copies()
    except (OSError, ValueError):
        return (), max(taken, 1)
    held = max((one.number for one in kept), default=0)
    return kept, taken if held < taken else 0


def _sign(engine: Engine, folder: Path) -> Checkpoint | None:
    chain = Chain(keys.signing_key(folder))
    with meant_to_write(), engine.begin() as connection:
        return chain.checkpoint(connection)


def of_register(
    engine: Engine, folder: Path, copies: Path | None = None, quick: Quick | None = None
) -> Verdict:
    """Verify the register's log with the instance's key; `copies`: checkpoints kept elsewhere."""
    return _of_register(engine, folder, _copies(copies), quick)


def _of_register(
    engine: Engine, folder: Path, copies: Sequence[Checkpoint], quick: Quick | None
) -> Verdict:
    known = _by_name(keys.public_key(folder / keys.PUBLIC))
    try:
        with stored.evidence(engine, known, copies) as evidence:
            compared = max((one.number for one in evidence.copies), default=0)
            verdict = quick(evidence) if quick else None
            return replace(verdict or verify(evidence), compared=compared)
    except JUNK:
        return UNREADABLE
    except OperationalError as error:
        if "decode" not in str(error.orig):  # a text in SQLite that is none
            raise
        return UNREADABLE


def of_export(file: Path, key: Path, copies: Path | None = None) -> Verdict:
    """Verify an export (jsonl) with a public key. Raises Refused for a file that is none.

    A checkpoint has to cover its entries: what nobody signed, anybody may have written.
    """
    known, kept = _by_name(keys.public_key(key)), _copies(copies)
    try:
        evidence = exported.evidence(file, known, kept)
        verdict = verify(evidence)
    except (OSError, *JUNK) as error:
        raise exported.unreadable(file) from error
    if verdict.finding is None and not verdict.entries:
        raise exported.unreadable(file)
    first = evidence.start[0]
    signed = max((one.last for one in (*evidence.checkpoints, *evidence.copies)), default=first)
    if verdict.finding is None and signed == first:
        return replace(verdict, finding=Finding(Fault.UNVOUCHED, first + 1, verdict.last))
    return replace(verdict, unsigned=max(0, verdict.last - signed))


def _by_name(key: Ed25519PublicKey) -> dict[str, Ed25519PublicKey]:
    return {seal.fingerprint(key): key}


def _copies(file: Path | None) -> Sequence[Checkpoint]:
    if file is None:
        return ()
    try:
        kept = exported.copied(file)
    except (OSError, *JUNK) as error:
        raise exported.unreadable(file) from error
    if not kept:
        raise Refused(mark("%(file)s holds no checkpoint of an access log."), file=file)
    return kept
