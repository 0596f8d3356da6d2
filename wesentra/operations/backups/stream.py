"""The content of a file in the format age, version 1, after its header.

It goes in chunks of 64 KiB (ChaCha20-Poly1305), each with its number and whether it is the last, so
that none can be changed, moved or left out, at the end neither. Memory stays constant. The tool
`age` opens what is written here, and what it writes is opened here.
"""

import io
import os
from hashlib import sha256
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from wesentra.operations.backups.header import TAG_BYTES, NotOpened, derived, header

NONCE_BYTES, CHUNK = 16, 64 * 1024


class Closing(io.RawIOBase):
    """Takes plain bytes and writes them closed into `target`, header first; `end` ends them.

    `digest` is the hash of all that was taken.
    """

    def __init__(self, target: IO[bytes], file_key: bytes, recipient: X25519PublicKey) -> None:
        nonce = os.urandom(NONCE_BYTES)
        self.target, self.digest = target, sha256()
        self._cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
        self._number, self._held = 0, bytearray()
        target.write(header(file_key, recipient) + nonce)

    def writable(self) -> bool:
        """It is written to."""
        return True

    def write(self, plain: bytes) -> int:  # type: ignore[override] # bytes alone are written here
        """Take some more; the last chunk is held back, for it has to be marked as the last."""
        self.digest.update(plain)
        self._held += plain
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(plain)

    def end(self) -> None:
        """Write what is held as the last chunk."""
        self._put(bytes(self._held), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self.target.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


class Opening(io.RawIOBase):
    """Gives the plain bytes of what follows a header, chunk by chunk, each only when it is true.

    Raises NotOpened where something was changed, is missing at the end or stands after it.
    """

    def __init__(self, source: IO[bytes], file_key: bytes) -> None:
        nonce = _whole(source, NONCE_BYTES)
        if len(nonce) < NONCE_BYTES:
            raise NotOpened("cut off")
        self._source, self._number = source, 0
        self._cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
        self._next = _whole(source, CHUNK + TAG_BYTES)
        self._plain, self._ended = b"", False

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # what io hands in
        """Fill a buffer; 0 after the last chunk."""
        while not self._plain and not self._ended:
            self._plain = self._open()
        taken, self._plain = self._plain[: len(buffer)], self._plain[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _open(self) -> bytes:
        chunk, self._next = self._next, _whole(self._source, CHUNK + TAG_BYTES)
        self._ended = not self._next
        nonce = _nonce(self._number, last=self._ended)
        try:
            plain = self._cipher.decrypt(nonce, chunk, None)
        except (InvalidTag, ValueError) as error:
            raise NotOpened("changed or cut off") from error
        if not plain and self._number:
            raise NotOpened("an empty chunk at the end")
        self._number += 1
        return plain


def _whole(source: IO[bytes], size: int) -> bytes:
    """So many bytes, fewer only at the end; a pipe gives them piece by piece."""
    parts = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
