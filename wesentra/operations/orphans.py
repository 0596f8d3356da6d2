"""No process of the server outlives its main process."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """Let this process end when the one that started it is gone, however it went.

    A worker left over from a killed server would share the port of the next one and answer half
    of its requests. Does nothing in a main process.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        if hasattr(signal, "SIGHUP"):  # of a terminal that closes: for the main process to hear
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
