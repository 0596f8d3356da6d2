"""The jobs beside the server: a process that starts `wesentra jobs run` every few minutes.

Each run is a program of its own, so that whatever becomes of it nothing of the server is touched,
and none outlives the server: each reads its standard input, which ends with whoever started it.
"""

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from wesentra.operations.orphans import end_with_parent
from wesentra.settings import Settings

FIRST = 3.0
PAUSE = 300.0
"""Seconds from the start to the first run, and from the end of a run to the next one."""
LONGEST = 3600.0
"""Seconds after which a run is ended."""
PATIENCE = 5.0
NICE = 10
"""Nobody at work waits for a job."""
log = logging.getLogger(__name__)


@contextmanager
def jobs_beside(settings: Settings) -> Iterator[None]:
    """Do what is due in a process of its own while the block lasts, if the settings say so."""
    if not settings.jobs:
        yield
        return
    process = multiprocessing.Process(target=_again_and_again, args=(settings.instance,))
    process.daemon = True
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _again_and_again(instance: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends this one
    signal.signal(signal.SIGTERM, _end)
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICE)
    pause = FIRST
    while True:
        time.sleep(pause)
        try:
            _run(instance)
        except OSError as error:  # no process, no memory: perhaps there is some the next time
            log.error("the jobs could not be started: %s", error.strerror)
        pause = PAUSE


def _end(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    sys.exit(0)


def _run(instance: Path) -> None:
    """One run, ended when it takes too long, or with this process."""
    command = [sys.executable, "-m", "wesentra", "--instance", str(instance)]
    command += ["jobs", "run", "--beside-server"]
    run = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - this program itself
    try:
        with suppress(subprocess.TimeoutExpired):
            run.wait(LONGEST)
    finally:
        with suppress(OSError):
            run.stdin.close()  # type: ignore[union-attr] # is a pipe
        try:
            run.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
