"""Group commit: several threads' looks become entries in one transaction.

What only looked is done reading when its entries are written; threads that come to that point at
once wait for the disk once. No answer leaves before the transaction with its entries is
committed, and if that fails none of them does.
"""

import threading
from collections import deque
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from wesentra.audit.chain import Batch, Chain
from wesentra.audit.copies import Copies
from wesentra.models.base import meant_to_write


class NotWritten(SQLAlchemyError):
    """The transaction of these entries failed, whoever wrote them; nothing was written."""


@dataclass
class Waiting:
    """The entries of one thread until it is settled whether they are written."""

    batch: Batch
    settled: bool = False
    written: bool = False
    error: Exception | None = None


class Together:
    """The looks of a process's threads: whoever comes first writes for all who wait by then."""

    def __init__(self, engine: Engine, chain: Chain, copies: Copies) -> None:
        self.engine = engine
        self.chain = chain
        self.copies = copies
        self.turn = threading.Lock()
        self.waiting: deque[Waiting] = deque()

    def write(self, batch: Batch) -> None:
        """Return when the entries are committed; raises NotWritten when they are not."""
        mine = Waiting(batch)
        self.waiting.append(mine)
        with self.turn:
            if not mine.settled:
                self._settle([self.waiting.popleft() for _ in range(len(self.waiting))])
        if not mine.written:
            raise NotWritten("the entries could not be written") from mine.error

    def _settle(self, group: list[Waiting]) -> None:
        try:
            self._commit(group)
        except Exception as error:  # noqa: BLE001 - an entry can be wrong in ways of its own
            for one in group:
                one.error = error
            if len(group) > 1 and not isinstance(error, OperationalError):
                for one in group:  # an entry that is not taken shall be nobody else's failure
                    self._settle([one])
        finally:
            for one in group:
                one.settled = True

    def _commit(self, group: list[Waiting]) -> None:
        with meant_to_write(), self.engine.begin() as connection:
            self.chain.append(connection, *(one.batch for one in group))
        for one in group:
            one.written = True
        self.committed()

    def committed(self) -> None:
        """After each commit: a new checkpoint goes to the place of copies."""
        if self.chain.fresh():
            self.copies.bring_soon(self.engine)
