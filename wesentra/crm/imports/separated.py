"""Text with separators (CSV, TSV): quoted cells over many lines, any line end, broken quotes."""

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from typing import BinaryIO

from wesentra.crm.imports.encoding import recognise
from wesentra.crm.imports.raw import RawRow, Table
from wesentra.refusal import Refused
from wesentra.texts import mark

SEPARATORS = (";", "\t", ",", "|")
SAMPLE_CHARACTERS = 1 << 16
SAMPLE_ROWS = 50
LINE_LIMIT = 1 << 20
"""Characters of one line of text; a longer one is no table."""

ROW_LINES = 60
"""Lines that one row may run over; with more a quotation mark was never closed."""


class _Borrowed(io.TextIOWrapper):
    """Text over a stream that stays its owner's: it is not closed with the text."""

    def close(self) -> None:
        """Leave the stream open."""


def read(stream: BinaryIO) -> Table:
    """Recognise a text table; its `headings` are filled in by the caller, who knows the words."""
    codec = recognise(stream)
    text = _Borrowed(stream, codec, errors="replace", newline="")
    sample = text.read(SAMPLE_CHARACTERS)
    if sample.count("\0") * 100 > len(sample):
        raise Refused(mark("This file is not a table. Save it as CSV or XLSX."))
    text.seek(0)
    separator = _declared(sample) or choose_separator(sample)
    rows = Rows(text, separator)
    return Table("csv", (), rows, codec, separator)


def choose_separator(sample: str) -> str:
    """Return the separator that cuts the sample into the widest rows of equal width."""
    complete = sample if len(sample) < SAMPLE_CHARACTERS else sample[: sample.rfind("\n") + 1]
    return max(SEPARATORS, key=lambda separator: _fit(complete or sample, separator))


def _declared(sample: str) -> str:
    """Return the separator that Excel's own first line `sep=;` names, or an empty text."""
    first = sample[:8].splitlines()[0] if sample else ""
    return first[4] if first.lower().startswith("sep=") and first[4:] in SEPARATORS else ""


def _fit(sample: str, separator: str) -> float:
    """Return the most common width, weighed by how common it is; 0 for a single column."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    widths: Counter[int] = Counter()
    try:
        for cells, _ in zip(reader, range(SAMPLE_ROWS), strict=False):
            widths[len(cells)] += bool(cells)
    except csv.Error:
        pass
    if not widths:
        return 0
    width, often = widths.most_common(1)[0]
    return width * often / widths.total() if width > 1 else 0


class _Unclosed(Exception):
    """The row ran on for too long, or to the end of the file, inside a quotation mark."""


class _Lines:
    """Hands lines to the csv reader, keeps those of the row in hand and takes them back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.held: list[str] = []
        self.returned: deque[str] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.held) >= ROW_LINES:
            raise _Unclosed
        line = self.returned.popleft() if self.returned else self.text.readline(LINE_LIMIT)
        if len(line) >= LINE_LIMIT:
            raise Refused(mark("This file is not a table. Save it as CSV or XLSX."))
        if not line:
            if self.held:
                raise _Unclosed
            raise StopIteration
        self.number += 1
        self.held.append(line)
        return line

    def first(self) -> int:
        """Return the number of the line on which the row in hand starts."""
        return self.number - len(self.held) + 1

    def take_back(self) -> str:
        """Keep only the first line of the row in hand; the rest will be handed out again."""
        first, *rest = self.held
        self.returned.extendleft(reversed(rest))
        self.number -= len(rest)
        self.held.clear()
        return first


class Rows:
    """The rows of a text, one at a time; a broken one costs itself, not those after it."""

    def __init__(self, text: io.TextIOWrapper, separator: str) -> None:
        self.separator = separator
        self._text = text
        self.start_over(width=0)

    def start_over(self, width: int) -> None:
        """Read from the start again, now that the number of headings is known.

        A row over several lines that does not fit `width` has swallowed its neighbours through
        a stray quotation mark, and is taken apart again.
        """
        self._text.seek(0)
        self._width = width
        self._lines = _Lines(self._text)
        self._reader = csv.reader(self._lines, delimiter=self.separator)

    def __iter__(self) -> Iterator[RawRow]:
        return self

    def __next__(self) -> RawRow:
        lines = self._lines
        try:
            cells = next(self._reader)
        except (_Unclosed, csv.Error):
            return self._broken()
        if self._width and len(lines.held) > 1 and len(cells) != self._width:
            return self._broken()
        row = RawRow(lines.first(), tuple(cells))
        lines.held.clear()
        return row

    def _broken(self) -> RawRow:
        """Return the first line of the row in hand as a fault and start anew after it."""
        number = self._lines.first()
        first = self._lines.take_back()
        self._reader = csv.reader(self._lines, delimiter=self.separator)
        return RawRow(
            number,
            tuple(first.rstrip("\r\n").split(self.separator)),
            mark("The row cannot be read: a quotation mark in it is not closed."),
        )
