"""People of whom every value carries a mark that stands nowhere else, and the search for marks in
every byte of every file."""

import csv
import mmap
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests import factories
from wesentra import clock
from wesentra.crm.companies import words as company_words
from wesentra.models import Company, Contact, db

LETTERS = "abcdefghij"
FIELDS = ("Etunimi", "Sukunimi", "Titteli", "Sähköposti", "Puhelin", "Yritys", "Katuosoite")


def mark_of(number: int) -> str:
    """Five letters that spell a number, in letters that stand nowhere else like that."""
    return "qzx" + "".join(LETTERS[int(digit)] for digit in f"{number:05}") + "qzx"


def phone_of(number: int) -> str:
    return f"04077{number:05}"


def needles(number: int) -> list[bytes]:
    """What would tell of a person in a file: the mark, small; the number without its beginning."""
    texts = [mark_of(number), phone_of(number)[1:]]
    return [text.encode(coding) for text in texts for coding in ("utf-8", "utf-16-le", "utf-16-be")]


def file_of(folder: Path, people: Iterable[int]) -> Path:
    """A file to bring in: of each a good row, of some a row that is rejected and one repeated."""
    file = folder / "people.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(FIELDS)
        for number in people:
            row = _row(number)
            writer.writerow(row)
            if number % 5 == 0:
                writer.writerow([*row[:3], f"wrong{mark_of(number)}@@", *row[4:]])
                writer.writerow(row)
    return file


def _row(number: int) -> list[str]:
    own = mark_of(number).title()
    mail = f"{own}@mail.example.fi"
    return [f"E{own}", f"S{own}", f"T{own}", mail, phone_of(number), f"Y{own}", f"K{own} 1"]


def furnish(app: Flask, owner_id: int) -> dict[int, int]:
    """Give everybody from the file a row in every table; the contact of each number."""
    with factories.register(app):
        found = {one.id: one for one in db.session.scalars(select(Contact))}
        firms = {one.id: one for one in db.session.scalars(select(Company))}
        numbers = {_number(one.email): one.id for one in found.values()}
        for number, contact_id in numbers.items():
            one = found[contact_id]
            _history(one, mark_of(number).upper(), owner_id)
            _company(firms[one.company_id or 0], mark_of(number), one.id if number % 7 == 0 else 0)
    return numbers


def _number(email: str) -> int:
    spelt = email.partition("@")[0].lower().removeprefix("qzx").removesuffix("qzx")
    return int("".join(str(LETTERS.index(letter)) for letter in spelt))


def _history(one: Contact, own: str, owner_id: int) -> None:
    one.note, one.source, one.owner_id = f"N {own}", f"L {own}", owner_id
    call = factories.interaction(one, f"Summary {own} ääni", user_id=owner_id)
    factories.check(one, interaction_id=call.id)
    factories.change(one, "email", f"old{own}@mail.example.fi", f"new{own}@mail.example.fi")
    factories.task(one, f"Task {own}", owner_id=owner_id, interaction_id=call.id)
    factories.notice(one, interaction_id=call.id)
    factories.objection(one)
    factories.restriction(one, lifted_at=clock.now())
    factories.opening(one, f"Opened {own}", user_id=owner_id)
    factories.hold(one, reason=f"Kept {own}")
    factories.disclosure(one, f"Recipient {own}", **factories.told())


def _company(firm: Company, own: str, person_id: int) -> None:
    firm.note, firm.billing_address, firm.post_office = f"N {own}", f"B {own}", f"P {own}"
    firm.source, firm.person_id = f"L {own}", person_id or None
    db.session.flush()
    company_words.write(firm)


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def found_in(folder: Path, numbers: Collection[int], but: Collection[Path] = ()) -> dict[int, str]:
    """Of these people those who are told of by any byte below a folder, and one file that does."""
    told: dict[int, str] = {}
    for path in files(folder):
        if path in but or not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as all_:
            small = bytes(all_).lower()
        for number in numbers:
            if number not in told and any(needle in small for needle in needles(number)):
                told[number] = path.name
    return told
