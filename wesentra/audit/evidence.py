"""The log put to the test: the register's own, or an export on a machine without the register."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine

from wesentra.audit import exported, keys, seal, stored
from wesentra.audit.chain import Chain
from wesentra.audit.copies import Copies
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verification import Fault, Finding, Verdict, verify
from wesentra.models.base import writing
from wesentra.refusal import Refused
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
    Fault.OTHER_KEY: mark("The checkpoint at entry %(entry)s was not signed by the log's key."),
    Fault.CHECKPOINT: mark("A checkpoint before the one at entry %(entry)s is missing."),
    Fault.ANCHOR: mark(
        "The anchor at entry %(entry)s does not fit: nothing vouches for what was before it."
    ),
    Fault.ANCHOR_KEY: mark("The anchor at entry %(entry)s was not signed by the log's key."),
    Fault.REDACTED: mark("Entry %(entry)s of the log was redacted, and no entry says so."),
    Fault.FIGURES: mark("The figures of %(day)s are not those of its entries."),
    Fault.OLD_FIGURES: mark(
        "The figures up to %(day)s are not those that were signed when their entries went."
    ),
}


def refusal(finding: Finding) -> Refused:
    """What happened, in a sentence."""
    day = finding.day.isoformat() if finding.day else ""
    return Refused(SENTENCES[finding.fault], entry=finding.entry, other=finding.other, day=day)


def checkpoint(engine: Engine, folder: Path, copies: Path | None) -> Checkpoint | None:
    """Sign the log as it is; None when the last checkpoint covers every entry.

    Whatever lacks in the folder of copies is copied. Raises Refused when that fails.
    """
    made = _sign(engine, folder)
    Copies(copies).bring(engine)
    return made


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
        return exported.copied(file)
    except (OSError, ValueError) as error:
        raise exported.unreadable(file) from error
