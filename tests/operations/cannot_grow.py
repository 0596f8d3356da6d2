"""Runs `wesentra …` on a database in a file that gets no page more than it has (`max_page_count`).

python -m tests.operations.cannot_grow WORDS…
"""

import sys
from typing import Any

from sqlalchemy import Engine, event

from wesentra.cli import main


def limit(connection: Any, _record: Any) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


if __name__ == "__main__":
    event.listen(Engine, "connect", limit)
    main(sys.argv[1:], prog_name="wesentra")
