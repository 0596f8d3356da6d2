"""The certificate of a running server: renewed before it ends, replaced when its files change.

The workers read copies that only this process writes, and only while no worker starts: half a
pair, or one that no server can use, never reaches them.
"""

import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from wesentra.instance import make_folder, write_private
from wesentra.operations import pairs, tls
from wesentra.refusal import Refused
from wesentra.texts import mark

LOOK_SECONDS = 60.0
"""How often the files are looked at; SIGHUP has them looked at at once."""
Tell = Callable[[str, dict[str, object]], None]
"""Takes a message id and its values; says it in the installation's language."""
RENEWED = mark("The certificate was replaced while serving; the new one is valid to %(ends)s")
OTHER_AUTHORITY = mark(
    "The authority had to be made anew, for other names or because the old one was "
    "damaged or near its end. Browsers warn until they know the new one in %(file)s"
)
REFUSED = mark("The new certificate is not used, the old one stays: %(reason)s")


class Served:
    """The pair in `source` as the workers of one server get it, from copies in `folder`.

    `renew` makes a new certificate of the installation's own authority; None where the pair is
    somebody else's to renew. `complain` is called once for each thing that is wrong.
    """

    def __init__(
        self,
        source: tls.Files,
        folder: Path,
        renew: Callable[[], tls.Files] | None,
        tell: Tell,
        complain: Callable[[Refused], None],
    ) -> None:
        self.source, self.renew, self.tell, self.complain = source, renew, tell, complain
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.pair = self._next = pairs.read(source.certificate, source.key)
        self._last_complaint = ""
        self._asked: SimpleQueue[bool] = SimpleQueue()
        make_folder(make_folder(folder.parent) / folder.name)
        self._lay()

    def look(self) -> bool:
        """Renew what is due and look at the files; whether there is a pair to be taken over."""
        try:
            if self.renew is not None and tls.is_due(self.pair.leaf):
                self._renew(self.renew)
            found = pairs.read(self.source.certificate, self.source.key)
        except Refused as no:
            if str(no) != self._last_complaint:
                self.complain(no)
            self._last_complaint = str(no)
            return False
        self._last_complaint = ""
        self._next = found
        return (found.certificate, found.key) != (self.pair.certificate, self.pair.key)

    def take_over(self) -> None:
        """Give the pair that was found last to the workers that start from now on."""
        self.pair = self._next
        self._lay()
        self.tell(RENEWED, {"ends": self.pair.leaf.not_valid_after_utc.date()})

    def _renew(self, renew: Callable[[], tls.Files]) -> None:
        try:
            files = renew()
        except OSError as error:
            raise pairs.unusable(self.source.certificate, error.strerror or error) from error
        if files.other_authority:
            self.tell(OTHER_AUTHORITY, {"file": files.authority})

    def _lay(self) -> None:
        write_private(self.key, self.pair.key)
        write_private(self.certificate, self.pair.certificate)

    @contextmanager
    def followed_by(self, server: Any) -> Iterator[None]:
        """Let `server` serve what is found, from its start to the end of the block.

        Workers are replaced one by one: the new one listens before the old one is told to end, and
        that one answers what it has begun to read.
        """
        server.on_startup(self._listen)
        server.on_reload(self.take_over)
        threading.Thread(target=partial(self._follow, server), daemon=True).start()
        try:
            yield
        finally:
            self._asked.put(False)
            shutil.rmtree(self.certificate.parent, ignore_errors=True)

    def _listen(self) -> None:
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._asked.put(True))

    def _follow(self, server: Any) -> None:
        while True:
            try:
                if not self._asked.get(timeout=LOOK_SECONDS):
                    return
            except Empty:
                pass
            if self.look():
                server.signal_handler_reload()
