"""The file of rejected rows: line, reason, and the row as it came, to be corrected and brought
again. It is written for a Finnish spreadsheet (`;`, UTF-8 with BOM), in which nothing computes."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import IO

from wesentra.crm.imports import jobs
from wesentra.crm.imports.staging import reasons_of
from wesentra.crm.imports.suspicious import harmless
from wesentra.models import ImportJob, ImportRow
from wesentra.texts import mark

Say = Callable[[str, Mapping[str, object]], str]
"""A sentence (message id) and its values, in the reader's language."""


def why(row: ImportRow, say: Say) -> str:
    """Every reason of a rejected row."""
    return " ".join(say(reason.sentence, reason.values) for reason in reasons_of(row))


def write(job: ImportJob, rows: Iterable[ImportRow], out: IO[bytes], say: Say) -> None:
    """Write the file into `out`, row by row."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    headings = [column.heading for column in jobs.named_columns_of(job)]
    writer.writerow(map(harmless, [say(mark("Line"), {}), say(mark("Reason"), {}), *headings]))
    for row in rows:
        cells = (str(row.line), why(row, say), *row.record.get("cells", ()))
        writer.writerow(map(harmless, cells))
    text.detach()
