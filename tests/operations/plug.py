"""Runs `wesentra …` and kills it (SIGKILL) when a function has come back so many times.

python -m tests.operations.plug MODULE FUNCTION TIMES WORDS…
"""

import importlib
import os
import signal
import sys
from typing import Any

from wesentra.cli import main

if __name__ == "__main__":
    module, name, times, *words = sys.argv[1:]
    place = importlib.import_module(module)
    own, left = getattr(place, name), [int(times)]

    def plug(*args: Any, **options: Any) -> Any:
        result = own(*args, **options)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, plug)
    main(words, prog_name="wesentra")
