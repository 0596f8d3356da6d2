"""One of several processes that write looks into the same log; prints each that is acknowledged."""

import os
import sys
from pathlib import Path

from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.settings import load


def main(instance: str, name: str, count: int) -> None:
    """Write `count` looks of ten people each."""
    app = create_app(load(Path(instance), os.environ))
    for number in range(count):
        acting = Acting(None, "system", "maintenance", f"{name} {number}", channel="job")
        with app.app_context(), acting_as(acting):
            acting.notes.shown.update({("contact", id_): {"email"} for id_ in range(1, 11)})
            db.session.commit()
            db.session.remove()
        sys.stdout.write(f"{name} {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
