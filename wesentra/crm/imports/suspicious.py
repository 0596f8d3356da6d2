"""Cells that are not what they seem: formulas, and signs that mean nothing stands there."""

import re

NOTHING = frozenset(("", "-", "--", "–", "—", ".", "?", "n/a", "#n/a", "null", "none"))

_FORMULA = re.compile(r"\s*(?:=|[@+\-][A-Za-z_.]+\(|[@+\-][a-z]+\|)", re.IGNORECASE)
"""What a spreadsheet would compute: `=HYPERLINK(…)`, `@SUM(…)`, `+cmd|…`; +358… is no formula."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would compute the cell. It is refused, not stored as text:
    whoever exports the register and opens it would run it."""
    return _FORMULA.match(cell) is not None


def is_nothing(cell: str) -> bool:
    """Tell whether a cell is empty or holds only a sign for emptiness."""
    return cell.strip().lower() in NOTHING


def as_typed(cell: str) -> str:
    """Return the cell without the apostrophe by which `harmless`, or a spreadsheet, said that it
    is text: a rejected row is corrected and brought again."""
    return cell[1:] if cell.startswith("'") and _may_compute(cell[1:]) else cell


def harmless(cell: str) -> str:
    """Return the cell for a file that a spreadsheet will open: no cell there computes."""
    return "'" + cell if _may_compute(cell) else cell


def _may_compute(cell: str) -> bool:
    """Tell whether a spreadsheet may compute the cell; blanks in front do not stop every one."""
    return cell.startswith(_STARTS) or cell.lstrip().startswith(_STARTS)
