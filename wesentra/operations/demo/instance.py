"""The instance of the demo: its own, filled once, never somebody's real register."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from wesentra import clock
from wesentra import instance as instances
from wesentra.accounts import passwords
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import evidence
from wesentra.models import Contact, User, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import writing
from wesentra.operations import schema
from wesentra.operations.demo.deeds import Stage
from wesentra.operations.demo.invention import Inventor
from wesentra.operations.demo.story import BATCH, COLLEAGUES, PEOPLE_PER_FIRM, Storyteller
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

FILE = "demo.txt"
"""Says that the register of this instance is the demo's: its password, and when it was filled."""
TOLD = 60
"""People of the story; when more are asked for, the others come in batches."""


def password_of(settings: Settings) -> str | None:
    """The password of the demo's accounts, when this instance is a filled demo; else None."""
    lines = _lines(settings.instance / FILE)
    return lines.get("password") if "filled" in lines else None


def fill(settings: Settings, people: int, seed: int, tell: Callable[[int, int], None]) -> str:
    """Fill an empty instance with the invented company; returns the password of its accounts.

    `tell` gets deeds done and their number. Raises Refused when the register is not the demo's or
    was left half filled.
    """
    schema.upgrade(settings)
    app = create_app(settings)
    with app.app_context():
        _is_empty(settings)
        password = passwords.made()
        instances.write_private(settings.instance / FILE, f"password: {password}\n".encode())
        token = writing.set(True)
        try:
            _play(people, seed, password, tell)
            db.session.remove()
            evidence.examined(db.engine, settings, "job", None)  # its log is months old by now
        finally:
            writing.reset(token)
            db.session.remove()
            db.engine.dispose()
    content = f"password: {password}\nfilled: {clock.today()}\ncontacts: {people}\nseed: {seed}\n"
    instances.write_private(settings.instance / FILE, content.encode())
    return password


def _play(people: int, seed: int, password: str, tell: Callable[[int, int], None]) -> None:
    inventor = Inventor(seed)
    firms = inventor.firms(max(1, round(min(people, TOLD) / PEOPLE_PER_FIRM)))
    told = inventor.people(firms, min(people, TOLD))
    more = max(0, people - TOLD)
    rng = Random(seed)  # noqa: S311 - invention, not secrecy
    deeds = Storyteller(rng, clock.today()).tell(firms, told, more)
    hashes = {one.name: "" if one.leaves else passwords.hashed(password) for one in COLLEAGUES}
    stage = Stage(inventor, firms, told, hashes, rng)
    stage.batches = {n: min(BATCH, more - n * BATCH) for n in range(-(-more // BATCH))}
    stage.play(deeds, lambda done: tell(done, len(deeds)))


def _is_empty(settings: Settings) -> None:
    looking = Acting(None, "system", "maintenance", "demo", channel="cli", endpoint="wesentra demo")
    with acting_as(looking):
        users = db.session.scalar(select(func.count(User.id)))
        count = select(func.count(Contact.id))
        held = db.session.scalar(count, execution_options=seen_by_program("counting"))
        db.session.rollback()
    if not users and not held:
        return
    if _lines(settings.instance / FILE):
        raise Refused(
            mark(
                "The demo in %(folder)s was not filled to its end. Remove the folder and try again."
            ),
            folder=settings.instance,
        )
    raise Refused(
        mark(
            "The register in %(folder)s is not the demo's and stays as it is. "
            "Name another folder with --instance."
        ),
        folder=settings.instance,
    )


def _lines(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    pairs = (line.partition(": ") for line in file.read_text(encoding="utf-8").splitlines())
    return {key: value for key, _, value in pairs}
