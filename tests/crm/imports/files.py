"""Files as people bring them, with every fault that was seen in real ones."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

HEADINGS = (
    *("Yritys", "Y-tunnus", "Käyntiosoite", "Postinumero", "Postitoimipaikka", "Laskutusosoite"),
    *("Vaihde", "Yhteyshenkilö", "Titteli", "Puhelin", "Sähköposti", "Ryhmä", "Lähde"),
    "Huomautuksia",
)
COMPANY = ("Örnin Auto Oy", "0112038-9", "Ahventie 17", "02100", "ESPOO", "PL 9, 02100 ESPOO")
MULTI_LINE = 'monirivinen\nhuomautus; puolipiste "lainaus"'


def person(
    name: str = "Märta Laitinen",
    phone: str = "(047) 3642312",
    email: str = "marta.laitinen@ornin.example.fi",
    note: str = "",
    *,
    company: Sequence[str] = COMPANY,
    group: str = "sopimusasiakas",
    source: str = "messut 2025",
) -> list[str]:
    """Return one row as the small Finnish company's spreadsheet has it."""
    return [*company, "0443378927", name, "ostaja", phone, email, group, source, note]


FAULTY = {
    "no @ sign": person("Timo Mäkinen", email="timo.makinen(at)ornin.example.fi"),
    "last digit": person("Mika Korhonen", company=("Tili Oy", "1234567-8", *COMPANY[2:])),
    "formula": person("Urho Nieminen", note='=HYPERLINK("http://example.invalid";"avaa")'),
    "identity code": person("Helmi Söderström", note="henkilötunnus 131052-308T"),
    "not a telephone number": person("Reijo Niemi", phone="soita vaihteeseen"),
    "name of the contact": person(""),
    "special category": person("Seppo Mäkelä", note="sairauslomalla selkäleikkauksen takia"),
    "no such group": person("Aino Rantanen", group="kaverit"),
}
"""A row for each fault, by a piece of the sentence that names it."""


def separated(rows: Sequence[Sequence[str]], separator: str = ";", end: str = "\r\n") -> str:
    """Return rows as text; cells are quoted only where they must be."""
    marks = (separator, '"', "\n", "\r")
    return "".join(
        separator.join(_quoted(cell) if any(m in cell for m in marks) else cell for cell in row)
        + end
        for row in rows
    )


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def workbook(rows: Sequence[Sequence[str | float]], top: int = 1) -> io.BytesIO:
    """Return an XLSX file with one sheet, its first row at row number `top`."""
    body = "".join(
        f'<row r="{number}">' + "".join(map(_cell, row)) + "</row>"
        for number, row in enumerate(rows, start=top)
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Asiakkaat" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        ),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    packed.seek(0)
    return packed


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relation(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"
