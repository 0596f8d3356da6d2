"""Which column goes into which field: proposed from headings, or said by the user in a file."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from wesentra.crm.imports.headings import FIELDS, field_key, meaning, plain
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.values import business_id
from wesentra.refusal import Refused
from wesentra.texts import mark

GUESSED = 0.5
"""How sure a field is that only the cells below the heading show."""

_OVERLAPS = {"name": ("given_name", "family_name")}


@dataclass(frozen=True)
class Column:
    """One column of the file: its heading, the field it goes into or None, and how sure."""

    heading: str
    field: str | None
    sure: float = 1.0


Columns = tuple[Column, ...]


def propose(headings: Sequence[str], samples: Sequence[RawRow] = ()) -> Columns:
    """Propose a field for each column; of two columns for one field the surer, then the first.

    `samples` are some first rows: a column without a known heading whose cells are all mail
    addresses or business IDs is one.
    """
    columns = [Column(heading, *meaning(heading)) for heading in headings]
    for index, column in enumerate(columns):
        if column.field is None:
            field = _looks_like([row.cells[index] for row in samples if index < len(row.cells)])
            columns[index] = Column(column.heading, field, GUESSED if field else 0.0)
    return _without_rivals(columns)


def _looks_like(cells: list[str]) -> str | None:
    """Return the field that all filled cells of a column look like, or None."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return None
    if all("@" in cell[1:-1] for cell in filled):
        return "email"
    if all(_is_business_id(cell) for cell in filled):
        return "business_id"
    return None


def _is_business_id(cell: str) -> bool:
    try:
        return bool(business_id.parse(cell)) and "-" in cell
    except Refused:
        return False


def _without_rivals(columns: Sequence[Column]) -> Columns:
    """Leave each field to one column; a whole name gives way to its two parts."""
    best: dict[str, int] = {}
    for index, column in enumerate(columns):
        if column.field is not None:
            rival = best.get(column.field)
            if rival is None or columns[rival].sure < column.sure:
                best[column.field] = index
    for whole, parts in _OVERLAPS.items():
        if whole in best and all(part in best for part in parts):
            del best[whole]
    kept = set(best.values())
    return tuple(
        column if index in kept else replace(column, field=None, sure=0.0)
        for index, column in enumerate(columns)
    )


def chosen(headings: Sequence[str], fields: Sequence[str]) -> Columns:
    """Return the columns as a user chose them; an empty field leaves its column out.

    Raises Refused for an unknown field, one chosen twice, or none that says who it is about.
    """
    columns = tuple(
        Column(heading, field or None) for heading, field in zip(headings, fields, strict=True)
    )
    check(columns)
    return columns


def check(columns: Columns) -> None:
    """Raise Refused unless every field is known, used once, and someone or some firm is named."""
    used = [column.field for column in columns if column.field]
    for field in used:
        if field not in FIELDS:
            raise Refused(mark("There is no field %(name)s."), name=field)
        if used.count(field) > 1:
            twice = [column.heading for column in columns if column.field == field]
            raise Refused(
                mark("Two columns would go into the same field: %(columns)s."),
                columns=", ".join(twice),
            )
    if not {"name", "given_name", "family_name", "company"} & set(used):
        raise Refused(mark("Choose which column holds the name of the person or of the company."))


def from_file(content: bytes, headings: Sequence[str]) -> tuple[Columns, dict[str, str]]:
    """Read a user's mapping file (TOML or JSON) for a file with these headings.

    `[columns]` maps headings to fields, by key or by a known heading, empty to leave one out;
    columns not named are proposed as usual. `[defaults]` may give group, source and region,
    which are returned as they stand. Raises Refused for what the file gets wrong.
    """
    tables = _parsed(content)
    named = {plain(heading): field for heading, field in _texts(tables, "columns").items()}
    missing = sorted(set(named) - {plain(heading) for heading in headings})
    if missing:
        raise Refused(
            mark("The mapping names a column that the file does not have: %(column)s."),
            column=missing[0],
        )
    taken = {heading: _field(text) for heading, text in named.items()}
    proposed = propose(headings)
    columns = tuple(
        Column(column.heading, taken[plain(column.heading)])
        if plain(column.heading) in taken
        else _unless_taken(column, set(taken.values()))
        for column in proposed
    )
    check(columns)
    return columns, _texts(tables, "defaults")


def _unless_taken(column: Column, taken: set[str | None]) -> Column:
    return replace(column, field=None, sure=0.0) if column.field in taken else column


def _field(text: str) -> str | None:
    if not text.strip():
        return None
    field = field_key(text)
    if field is None:
        raise Refused(mark("There is no field %(name)s."), name=text)
    return field


def _parsed(content: bytes) -> Mapping[str, Any]:
    try:
        text = content.decode("utf-8-sig")
        tables = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as no:
        raise Refused(mark("The mapping is neither TOML nor JSON: %(reason)s."), reason=no) from no
    return tables if isinstance(tables, dict) else {}


def _texts(tables: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return one table of texts of the mapping file; refuse anything else in it."""
    table = tables.get(name, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise Refused(mark("In the mapping, %(name)s must hold texts only."), name=name)
    return table


def as_json(columns: Columns) -> list[list[Any]]:
    """Return the columns for keeping with the import; their headings lie among its rows."""
    return [[column.field, column.sure] for column in columns]


def from_json(kept: Sequence[Sequence[Any]], headings: Sequence[str] = ()) -> Columns:
    """Return the columns that `as_json` kept; a heading that is not given is empty."""
    return tuple(
        Column(heading or "", *column)
        for heading, column in zip_longest(headings[: len(kept)], kept)
    )
