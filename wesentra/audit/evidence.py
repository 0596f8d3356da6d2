"""The log put to the test: the register's own, or an export on a machine without the register."""

import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine

from wesentra.audit import exported, keys, results, seal, stored
from wesentra.audit.chain import Chain
from wesentra.audit.copies import Copies
from wesentra.audit.results import By
from wesentra.audit.seal import Checkpoint
from wesentra.audit.targets import file_in, targets_of
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.audit.verification import verify
from wesentra.models.base import writing
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
    Fault.OTHER_KEY: mark("The checkpoint at entry %(entry)s was not signed by the log's key."),
    Fault.CHECKPOINT: mark("A checkpoint before the one at entry %(entry)s is missing."),
    Fault.ANCHOR: mark(
        "The anchor at entry %(entry)s does not fit: nothing vouches for what was before it."
    ),
    Fault.ANCHOR_KEY: mark("The anchor at entry %(entry)s was not signed by the log's key."),
    Fault.REDACTED: mark("Entry %(entry)s of the log was redacted, and no entry says so."),
    Fault.WAYS: mark("Entry %(entry)s of the log is not found by the people whom it concerns."),
    Fault.FIGURES: mark("The figures of %(day)s are not those of its entries."),
    Fault.OLD_FIGURES: mark(
        "The figures up to %(day)s are not those that were signed when their entries went."
    ),
}


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
    engine: Engine, settings: Settings, made_by: By, copies: Path | None = None
) -> Verdict:
    """Verify the register's log and store what came of it.

    It is compared with `copies`, else with those in the folder of copies, if there is one.
    """
    begun = time.monotonic()
    kept = copies or file_in(settings.log_copies)
    verdict = of_register(engine, settings.instance, kept)
    results.keep(engine, verdict, made_by, time.monotonic() - begun)
    return verdict


def _sign(engine: Engine, folder: Path) -> Checkpoint | None:
    chain = Chain(keys.signing_key(folder))
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            return chain.checkpoint(connection)
    finally:
        writing.reset(token)


def of_register(engine: Engine, folder: Path, copies: Path | None = None) -> Verdict:
    """Verify the register's log with the instance's key; `copies`: checkpoints kept elsewhere."""
    known = _by_name(keys.public_key(folder / keys.PUBLIC))
    with stored.evidence(engine, known, _copies(copies)) as evidence:
        return verify(evidence)


def of_export(file: Path, key: Path, copies: Path | None = None) -> Verdict:
    """Verify an export (jsonl) with a public key. Raises Refused for a file that is none."""
    known, kept = _by_name(keys.public_key(key)), _copies(copies)
    try:
        verdict = verify(exported.evidence(file, known, kept))
    except (OSError, ValueError) as error:
        raise exported.unreadable(file) from error
    if not (verdict.entries or verdict.finding):
        raise exported.unreadable(file)
    return verdict


def _by_name(key: Ed25519PublicKey) -> dict[str, Ed25519PublicKey]:
    return {seal.fingerprint(key): key}


def _copies(file: Path | None) -> Sequence[Checkpoint]:
    if file is None:
        return ()
    try:
        kept = exported.copied(file)
    except (OSError, ValueError) as error:
        raise exported.unreadable(file) from error
    if not kept:
        raise Refused(mark("%(file)s holds no checkpoint of an access log."), file=file)
    return kept
