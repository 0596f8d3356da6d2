"""Which encoding a file of text is in: nobody who saves a spreadsheet knows."""

import codecs
from collections import Counter
from typing import BinaryIO

CHUNK = 1 << 16
LEGACY = ("cp1252", "mac_roman", "cp850")
"""Encodings of one byte a letter, the most usual first: Windows, old Mac, DOS."""

NORDIC = frozenset("åäöÅÄÖéÉüÜæøÆØ")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(128))
_LEADS = range(0xC2, 0xF5)
_ODD_BYTES_IN = 20


def recognise(stream: BinaryIO) -> str:
    """Return the name of the codec for `stream`, reading it once through; rewinds it.

    A file that is UTF-8 but for a few odd bytes is still UTF-8: to read all of it as Windows-1252
    would spoil every name. Bytes that the codec does not know become U+FFFD later.
    """
    stream.seek(0)
    try:
        head = stream.read(CHUNK)
        for bom, codec in _BOMS:
            if head.startswith(bom):
                return codec
        return _without_bom(head) or _by_bytes(stream, head)
    finally:
        stream.seek(0)


def _without_bom(head: bytes) -> str | None:
    """Return the UTF-16 whose every second byte is mostly zero, as in Latin letters, or None."""
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half and head[0::2].count(0) == 0:
        return "utf-16-le"
    if half and head[0::2].count(0) > 0.4 * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _by_bytes(stream: BinaryIO, chunk: bytes) -> str:
    """Return UTF-8 or the legacy encoding whose reading gives the most Nordic letters."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    high: Counter[int] = Counter()
    bad = 0
    while chunk:
        rest = chunk.translate(None, _ASCII)
        if rest or bad:
            high.update(rest)
        bad += decoder.decode(chunk).count("\ufffd")
        chunk = stream.read(CHUNK)
    bad += decoder.decode(b"", final=True).count("\ufffd")
    if bad == 0 or bad * _ODD_BYTES_IN < sum(high[byte] for byte in _LEADS):
        return "utf-8"
    return max(LEGACY, key=lambda codec: _nordic(codec, high))


def _nordic(codec: str, high: Counter[int]) -> int:
    """Return how many bytes would be Nordic letters in `codec`."""
    return sum(
        count for byte, count in high.items() if bytes([byte]).decode(codec, "replace") in NORDIC
    )
