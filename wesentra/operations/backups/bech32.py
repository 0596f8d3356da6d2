"""How age writes its keys: Bech32 (BIP 173), without its limit of 90 characters."""

from collections.abc import Iterable, Iterator

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECK = 6
"""Characters of the checksum at the end."""


def encode(prefix: str, data: bytes) -> str:
    """Bytes under a lower-case prefix."""
    values = list(_regrouped(data, 8, 5, pad=True))
    polymod = _polymod([*_expanded(prefix), *values, *[0] * CHECK]) ^ 1
    checksum = [(polymod >> 5 * (CHECK - 1 - place)) & 31 for place in range(CHECK)]
    return prefix + "1" + "".join(ALPHABET[value] for value in (*values, *checksum))


def decode(prefix: str, text: str) -> bytes:
    """The bytes of `text`, all in one case. Raises ValueError for a typing error or another kind
    of key."""
    lower = text.lower()
    if text not in (lower, text.upper()) or not lower.startswith(prefix + "1"):
        raise ValueError("not this kind of key")
    values = [ALPHABET.index(sign) for sign in lower[len(prefix) + 1 :]]
    if len(values) < CHECK or _polymod([*_expanded(prefix), *values]) != 1:
        raise ValueError("a character is wrong")
    return bytes(_regrouped(values[:-CHECK], 5, 8, pad=False))


def _expanded(prefix: str) -> list[int]:
    signs = prefix.encode("ascii")
    return [*(sign >> 5 for sign in signs), 0, *(sign & 31 for sign in signs)]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(GENERATOR):
            check ^= generator if top >> place & 1 else 0
    return check


def _regrouped(values: Iterable[int], width: int, into: int, *, pad: bool) -> Iterator[int]:
    """Numbers of `width` bits as numbers of `into` bits. Raises ValueError for bits left over."""
    held = bits = 0
    for value in values:
        held, bits = (held << width | value) & 0xFFF, bits + width
        while bits >= into:
            bits -= into
            yield held >> bits & (1 << into) - 1
    rest = held & (1 << bits) - 1
    if pad and bits:
        yield rest << (into - bits)
    elif bits >= width or rest:
        raise ValueError("bits are left over")
