"""Checkpoints are copied to other places: only there a cut tail and a stolen key show.

The administrator names the places (`audit.targets`). What one does not take is made up for later;
a place that hangs or refuses delays nobody, neither a request nor another place.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from smtplib import SMTPException, SMTPResponseException

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from wesentra import clock
from wesentra.audit import deliveries, restorations, stored
from wesentra.audit.day import finnish
from wesentra.audit.targets import Output, Target, line_of
from wesentra.refusal import Refused
from wesentra.texts import mark

PATIENCE = 60.0
"""Seconds after which a place counts as one that hangs."""
COULD_NOT = mark("The checkpoints of the log could not be copied to %(place)s: %(reason)s.")
LOST = mark(
    "The folder for copies %(place)s does not hold what was copied there. Nothing is copied anew "
    "before that is back."
)
log = logging.getLogger(__name__)


class LostError(Exception):
    """A place does not hold what it took: it was emptied, or is not there and another one is."""


class Copies:
    """The copies of one register's checkpoints."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = targets
        self.busy = {target.name: threading.Lock() for target in targets}

    def bring(self, engine: Engine, *, daily: bool = False) -> int:
        """Bring every place the checkpoints that lack there; the number brought to all of them.

        `daily` serves the places that are served once a day, but for those that were today: what
        another did not take, they do not get again. Without it only those of them get something
        that never did or did not take it the last time. Raises Refused for the first
        place that failed, after all of them had their turn. Two processes may bring the same
        one; that does no harm.
        """
        errands = [Errand(self, engine, target, daily=daily) for target in self.targets]
        for errand in errands:
            errand.thread.start()
        for errand in errands:
            errand.thread.join(PATIENCE)
        refusals = [refusal for errand in errands if (refusal := errand.refusal()) is not None]
        if refusals:
            raise refusals[0]
        return sum(errand.brought for errand in errands)

    def lack(self, engine: Engine) -> bool:
        """Whether a place lacks something that it is to get now, as far as the register knows, or
        one is known that the settings do not name any more. The server's output is the server's.
        """
        with engine.connect() as connection:
            last = stored.last_checkpoint(connection)
            others = deliveries.has_others(connection, {*self.busy, Output.name})
            return others or any(
                _wants(target, deliveries.of_target(connection, target.name), last)
                for target in self.targets
            )

    def bring_soon(self, engine: Engine) -> None:
        """Do so beside the request that made a checkpoint, but to places still busy."""
        for target in self.targets:
            if target.at_once and not self.busy[target.name].locked():
                Errand(self, engine, target, alone=True).thread.start()

    def forget_others(self, engine: Engine) -> None:
        """Forget the places that the settings do not name any more."""
        deliveries.forget_others(engine, self.busy)


class Errand:
    """One place's turn, in a thread of its own: what hangs there hangs alone.

    `alone`: nobody will ask what came of it, so that the server's log has to say it. `daily`: it is
    the turn of those that are served once a day.
    """

    def __init__(
        self,
        copies: Copies,
        engine: Engine,
        target: Target,
        *,
        alone: bool = False,
        daily: bool = False,
    ) -> None:
        self.copies, self.engine, self.target = copies, engine, target
        self.alone, self.daily = alone, daily
        self.brought = 0
        self.reason, self.sentence = "", COULD_NOT
        self.today = finnish(clock.now())
        self.thread = threading.Thread(target=self._run, daemon=True)

    def refusal(self) -> Refused | None:
        """What went wrong, for the administrator; a place still busy hangs."""
        if self.thread.is_alive():
            self.reason = "timed out"
            self._note()
        if not self.reason:
            return None
        return Refused(self.sentence, place=self.target.where(), reason=self.reason)

    def _run(self) -> None:
        with self.copies.busy[self.target.name]:
            try:
                self._bring()
            except LostError:
                self.reason, self.sentence = "lost", LOST
                self._note()
            except (OSError, ValueError) as error:
                self.reason = _reason(error)
                self._note()
            except SQLAlchemyError as error:
                self.reason = type(error).__name__
        if self.reason and self.alone:
            told = (self.target.name, self.reason)
            log.error("the log's checkpoints did not reach their place (%s): %s", *told)

    def _bring(self) -> None:
        name = self.target.name
        with self.engine.connect() as connection:
            known = deliveries.of_target(connection, name)
            restores = restorations.every(connection)
        if self._had_enough(known):
            return
        held = self.target.held(
            restores
        )  # after what is known of it: others bring it more meanwhile
        after = known.number if held is None else held
        if after < known.number:
            raise LostError
        with self.engine.connect() as connection:  # given back before a slow place is served
            lacking = stored.checkpoints(connection, after=after)[: self.target.most]
        if lacking:
            self.target.send([line_of(one) for one in lacking], lacking)
            self.brought = len(lacking)
        if lacking or known.failed_since is not None:
            deliveries.served(self.engine, name, max([after, *(one.number for one in lacking)]))

    def _had_enough(self, known: deliveries.Delivery) -> bool:
        """Whether a place that is served once a day was, and took what it was sent."""
        if self.target.at_once or known.at is None or known.failed_since is not None:
            return False
        return not self.daily or finnish(known.at) == self.today

    def _note(self) -> None:
        """Remember the failure; where the database fails, too, that comes to light by itself."""
        with suppress(SQLAlchemyError):
            deliveries.failed(self.engine, self.target.name)


def _wants(target: Target, known: deliveries.Delivery, last: int) -> bool:
    """Whether a place is to get something now; `last` is the number of the last checkpoint."""
    if known.failed_since is not None:
        return True
    return known.number < last if target.at_once else known.at is None and last > 0


def _reason(error: OSError | ValueError) -> str:
    """Why, without the words of the other side, which may quote who was to get the mail."""
    if isinstance(error, SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, SMTPException) or not isinstance(error, OSError):
        return type(error).__name__
    return error.strerror or type(error).__name__
