"""The walk through the log by several processes at once, for whoever waits for it.

Each walks from one checkpoint to another and has to arrive at exactly what that one promises; the
pieces follow each other, so together they are the walk from the first entry to the last. Where
anything is wrong, or cannot be read, nothing is said: the plain walk then says what and where.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial, reduce
from multiprocessing import get_context

from sqlalchemy import Connection

from wesentra.app import create_app
from wesentra.audit import stored, verification, vouching
from wesentra.audit.material import Evidence
from wesentra.audit.redactions import Redactions
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Finding, Verdict
from wesentra.audit.verification import Walked
from wesentra.models.base import db
from wesentra.settings import Settings

WORTH = 200_000
"""Entries that another process is worth: to begin takes it a second."""
State = tuple[int, bytes]


@dataclass(frozen=True)
class Piece:
    """From the state after one entry to the state after another, and what is promised between."""

    start: State
    end: State
    checkpoints: tuple[Checkpoint, ...]
    copies: tuple[Checkpoint, ...]


def whole(settings: Settings, evidence: Evidence, processes: int | None = None) -> Verdict | None:
    """The verdict on a log with nothing wrong in it; None where only the plain walk can tell.

    `processes` are as many as there are processors if not given; one has nothing to divide.
    """
    parts = pieces(evidence, processes or os.cpu_count() or 1)
    if len(parts) < 2 or vouching.anchors(evidence) is not None:
        return None
    with ProcessPoolExecutor(len(parts), get_context("spawn")) as pool:
        asked = [pool.submit(_walked, settings, part) for part in parts]
        try:
            finding = evidence.beside()
            return joined(evidence, parts, [each.result() for each in asked], finding)
        except Exception:  # noqa: BLE001 - whatever it is, the plain walk meets it and says it
            return None


def joined(
    evidence: Evidence, parts: Sequence[Piece], found: Sequence[Walked], beside: Finding | None
) -> Verdict | None:
    """The verdict after walks through all parts; None where one did not arrive.

    `beside` is what is wrong beside the entries.
    """
    arrived = all(
        each.finding is None and not each.late and (each.last, each.link) == part.end
        for part, each in zip(parts, found, strict=True)
    )
    if not arrived:
        return None
    met = reduce(Redactions.__or__, (each.redactions for each in found))
    verdict = verification.judged(evidence, replace(found[-1], redactions=met), lambda: beside)
    return verdict if verdict.finding is None else None


def pieces(evidence: Evidence, most: int) -> list[Piece]:
    """The log in at most so many pieces of about one size, divided at checkpoints."""
    if evidence.end is None:
        return []
    (first, _), (last, _) = evidence.start, evidence.end
    number = max(1, min(most, (last - first) // WORTH))
    states = [evidence.start]
    for n in range(1, number):
        wanted = first + (last - first) * n // number
        near = [one for one in evidence.checkpoints if states[-1][0] < one.last <= wanted]
        states += [(near[-1].last, near[-1].hash)] if near else []
    ends = [*states[1:], evidence.end]
    return [
        _piece(evidence, start, end)
        for start, end in zip(states, ends, strict=True)
        if start[0] < end[0]
    ]


def _piece(evidence: Evidence, start: State, end: State) -> Piece:
    checkpoints, copies = (
        tuple(one for one in some if start[0] <= one.last <= end[0])
        for some in (evidence.checkpoints, evidence.copies)
    )
    return Piece(start, end, checkpoints, copies)


def walked(connection: Connection, piece: Piece) -> Walked:
    """Walk one piece."""
    return verification.walk(
        Evidence(
            entries=partial(stored.entries, connection, piece.start[0], piece.end[0]),
            checkpoints=piece.checkpoints,
            copies=piece.copies,
            start=piece.start,
            keys={},
            unsigned=0,
        )
    )


def _walked(settings: Settings, piece: Piece) -> Walked:
    """In a process of its own."""
    with create_app(settings).app_context(), stored.snapshot(db.engine) as connection:
        return walked(connection, piece)
