"""Somebody has the key of the backups and closes what they like: nothing of it lies anywhere."""

import io
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import sqlite_only
from tests.operations.backing import Keeper, people_of, refused
from tests.operations.test_restore import everything
from wesentra.operations.backups import contents, header, identity, stream

pytestmark = sqlite_only
NO_BACKUP, DAMAGED, NO_KEY = "is no backup", "damaged or cut off", "log."
Change = Callable[[str, bytes], bytes | None]


def opened(file: Path, key: str) -> bytes:
    with file.open("rb") as source:
        file_key = header.file_key_of(source, identity.read(key))
        return io.BufferedReader(stream.Opening(source, file_key)).read()


def closed(plain: bytes, key: str) -> bytes:
    target = io.BytesIO()
    closing = stream.Closing(target, header.new_file_key(), identity.read(key).public_key())
    closing.write(plain)
    closing.end()
    return target.getvalue()


def members(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content
            yield member.name, content.read()


def packed(raw: bytes, change: Change, more: tarfile.TarInfo | None = None) -> bytes:
    """The same tar with other contents, and one more member after the manifest."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, content in members(raw):
            if (changed := change(name, content)) is not None:
                member = tarfile.TarInfo(name)
                member.size = len(changed)
                tar.addfile(member, io.BytesIO(changed))
            if more is not None and name == contents.MANIFEST:
                tar.addfile(more, io.BytesIO(b"\0" * more.size))
    return target.getvalue()


def attack(keeper: Keeper, plain: bytes, sentence: str) -> None:
    bad = keeper.folder / "bad.age"
    bad.write_bytes(closed(plain, keeper.key))
    before = everything(keeper.folder.parent)
    refused(keeper.restore(bad, "--test"), sentence)
    refused(keeper.restore(bad), sentence)
    assert everything(keeper.folder.parent).keys() == before.keys()
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


def member(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, to, 3 if kind == tarfile.REGTYPE else 0
    return made


MORE = {
    "above": member("../bad"),
    "absolute": member("/dev/shm/bad"),  # noqa: S108 - nothing is written there
    "dots in a folder": member("tls/.."),
    "deeper": member("tls/a/b"),
    "a symbolic link": member("tls/a", tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": member("tls/a", tarfile.LNKTYPE, "secret.key"),
    "a folder": member("tls", tarfile.DIRTYPE),
    "a device": member("tls/a", tarfile.CHRTYPE),
    "another file": member("restore.unfinished"),
    "a second manifest": member(contents.MANIFEST),
}


@pytest.mark.parametrize("how", MORE)
def test_no_other_file_is_laid_anywhere(keeper: Keeper, how: str) -> None:
    raw = opened(keeper.backup(), keeper.key)
    attack(keeper, packed(raw, lambda _name, content: content, MORE[how]), NO_BACKUP)


def test_no_file_is_laid_twice(keeper: Keeper) -> None:
    raw = opened(keeper.backup(), keeper.key)
    attack(keeper, packed(raw, lambda _name, content: content, member("secret.key")), "no room")


def of(name: str, content: bytes | None) -> Change:
    return lambda own, before: content if own == name else before


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (contents.MANIFEST, None, NO_BACKUP),
        (contents.MANIFEST, b"[]", NO_BACKUP),
        (contents.MANIFEST, b"[" * 60_000, NO_BACKUP),
        ("wesentra.db", None, NO_BACKUP),
        ("wesentra.db", b"", DAMAGED),
        ("wesentra.db", b"no database" * 1000, DAMAGED),
        ("log.key", b"", NO_KEY),
        ("log.pub", b"nonsense", NO_KEY),
    ],
)
def test_what_is_no_register_is_not_put_in_its_place(
    keeper: Keeper, name: str, content: bytes | None, sentence: str
) -> None:
    raw = opened(keeper.backup(), keeper.key)
    attack(keeper, packed(raw, of(name, content)), sentence)


def test_neither_is_another_database_nor_one_of_another_version(
    keeper: Keeper, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE contact (id INTEGER)")
    connection.close()
    raw = opened(keeper.backup(), keeper.key)
    attack(keeper, packed(raw, of("wesentra.db", other.read_bytes())), DAMAGED)
    older = next(members(raw))[1].replace(b'"schema": "0', b'"schema": "00')
    attack(keeper, packed(raw, of(contents.MANIFEST, older)), DAMAGED)


@pytest.mark.parametrize("size", [0, 700, 3_000, 20_000, 100_000])
def test_a_tar_that_ends_too_early_is_said_in_a_sentence(keeper: Keeper, size: int) -> None:
    raw = opened(keeper.backup(), keeper.key)
    attack(keeper, raw[:size], NO_BACKUP)
