"""Files of age: closed here and opened by the tool, and the other way round; nothing gets by."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.missing import missing
from wesentra.operations.backups import bech32, header, identity, stream
from wesentra.refusal import Refused

SIZES = (0, 1, 65_535, 65_536, 65_537, 131_072, 200_001)


def closed(plain: bytes, key: X25519PrivateKey) -> bytes:
    target = io.BytesIO()
    closing = stream.Closing(target, header.new_file_key(), key.public_key())
    for first in range(0, len(plain), 10_000):
        closing.write(plain[first : first + 10_000])
    closing.end()
    return target.getvalue()


def opened(raw: bytes, key: X25519PrivateKey) -> bytes:
    source = io.BytesIO(raw)
    return io.BufferedReader(stream.Opening(source, header.file_key_of(source, key))).read()


def content(size: int) -> bytes:
    return bytes(number * 31 % 251 for number in range(size))


@pytest.fixture(scope="module")
def key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@pytest.fixture
def tool(tmp_path: Path, key: X25519PrivateKey) -> list[str]:
    """`age -i FILE`."""
    found = shutil.which("age")
    if found is None:
        missing("age; apt install age")
    file = tmp_path / "key.txt"
    file.write_text(f"# made by a test\n{identity.written(key)}\n")
    return [found, "-i", str(file)]


@pytest.mark.parametrize("size", SIZES)
def test_the_tool_opens_what_is_closed_here(
    tool: list[str], key: X25519PrivateKey, size: int
) -> None:
    raw = closed(content(size), key)
    done = subprocess.run([*tool, "-d"], input=raw, capture_output=True, check=True)
    assert done.stdout == content(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_the_tool_closes_is_opened_here(
    tool: list[str], key: X25519PrivateKey, size: int
) -> None:
    plain = content(size)
    done = subprocess.run([*tool, "-e"], input=plain, capture_output=True, check=True)
    assert opened(done.stdout, key) == plain


def test_the_tool_knows_our_keys(tool: list[str], key: X25519PrivateKey) -> None:
    done = subprocess.run(["age-keygen", "-y", tool[2]], capture_output=True, text=True, check=True)
    own = bech32.encode(identity.RECIPIENT, key.public_key().public_bytes_raw())
    assert done.stdout.strip() == own


def test_every_changed_byte_is_noticed(key: X25519PrivateKey) -> None:
    raw = closed(content(300), key)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(header.NotOpened):
            opened(changed, key)


def test_a_file_cut_at_any_place_is_noticed(key: X25519PrivateKey) -> None:
    raw = closed(content(3 * stream.CHUNK + 5), key)
    whole = stream.CHUNK + header.TAG_BYTES
    head = raw.index(b"\n---") + 4 + 1 + 43 + 1 + stream.NONCE_BYTES
    for end in (0, 10, head - 20, head, head + 1, head + whole, head + 2 * whole, len(raw) - 1):
        with pytest.raises(header.NotOpened):
            opened(raw[:end], key)


def test_chunks_are_neither_moved_nor_added(key: X25519PrivateKey) -> None:
    raw = closed(content(3 * stream.CHUNK), key)
    whole = stream.CHUNK + header.TAG_BYTES
    head, chunks = raw[: -3 * whole], [raw[-3 * whole :][n * whole :][:whole] for n in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 0, 1, 2), (0, 1, 2, 2), (2,)):
        with pytest.raises(header.NotOpened):
            opened(head + b"".join(chunks[n] for n in order), key)


def test_the_header_of_another_file_opens_nothing(key: X25519PrivateKey) -> None:
    one, other = closed(content(9), key), closed(content(9), key)
    end = one.index(b"\n---") + 4 + 1 + 43 + 1
    with pytest.raises(header.NotOpened):
        opened(other[:end] + one[end:], key)


def test_another_key_and_another_file_are_told_apart(key: X25519PrivateKey) -> None:
    with pytest.raises(header.OtherKey):
        opened(closed(b"x", key), X25519PrivateKey.generate())
    for raw in (
        b"",
        b"PK\3\4",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v2\n---",
        b"\n" * 9,
    ):
        with pytest.raises(header.NotAge):
            opened(raw, key)


@settings(max_examples=60)
@given(st.binary(max_size=80))
def test_whatever_is_written_as_bech32_is_read_again(raw: bytes) -> None:
    text = bech32.encode("age", raw)
    assert bech32.decode("age", text) == bech32.decode("age", text.upper()) == raw


@settings(max_examples=60)
@given(st.integers(0, 73), st.sampled_from(bech32.ALPHABET.upper()))
def test_a_mistyped_key_is_refused(place: int, sign: str) -> None:
    right = identity.written(X25519PrivateKey.from_private_bytes(bytes(range(32))))
    typed = right[:place] + sign + right[place + 1 :]
    if typed == right:
        assert identity.read(f" {typed} ")
        return
    with pytest.raises(Refused) as no:
        identity.read(typed)
    assert typed not in str(no.value)


def test_a_key_with_lower_and_upper_case_is_refused() -> None:
    right = identity.written(X25519PrivateKey.generate())
    with pytest.raises(Refused):
        identity.read(right[:40] + right[40:].lower())
