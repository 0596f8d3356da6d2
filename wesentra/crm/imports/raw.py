"""What every kind of file becomes: headings, and rows with the line where each starts."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file as it stands there.

    `line` counts from 1: the line of a text on which the row starts, or the row of a sheet.
    `fault` is the sentence (message id) why the row could not be read, else empty.
    """

    line: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(cell.strip() for cell in self.cells)


@dataclass
class Table:
    """A file that has been recognised; `rows` is read once, in constant memory."""

    kind: str
    headings: tuple[str, ...]
    rows: Iterator[RawRow]
    encoding: str = ""
    separator: str = ""
