"""One process at a time in a file that several write to."""

import sys
import time

if sys.platform != "win32":
    import fcntl

PATIENCE = 5.0
"""Seconds that one waits: less than others wait for the write lock that one has meanwhile."""
PAUSE = 0.01


def take(file: int) -> None:
    """Hold an open file until it is closed. Raises TimeoutError when somebody else keeps it."""
    if sys.platform == "win32":
        return
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end:
                raise TimeoutError from error
            time.sleep(PAUSE)
        else:
            return
