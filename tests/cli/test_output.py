"""Where a command's file goes: regular files are replaced whole, everything else is written to."""

import os
import stat
import threading
from pathlib import Path

import pytest

from wesentra.cli import output
from wesentra.refusal import Refused


def write(target: Path | str, content: bytes = b"new") -> None:
    with output.to(str(target)) as file:
        file.write(content)


def test_a_file_is_replaced_and_its_owner_s_only(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    target.write_bytes(b"old")
    write(target)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_until_the_end_nothing_of_it_lies_anywhere(tmp_path: Path) -> None:
    """Before the entries are committed, a killed command must not leave people behind."""
    with output.to(str(tmp_path / "people.csv")) as file:
        file.write(b"Aino")
        file.flush()
        assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    target.write_bytes(b"old")

    def fail() -> None:
        with output.to(str(target)) as file:
            file.write(b"new")
            raise Refused("not now")

    with pytest.raises(Refused, match="not now"):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_names_is_written(tmp_path: Path, there: bool) -> None:
    target, link = tmp_path / "people.csv", tmp_path / "link.csv"
    if there:
        target.touch()
    link.symlink_to(target.name)
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join()
    assert read == [b"new"]
    assert pipe.is_fifo()


def test_a_device_stays_one(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write(link)
    assert Path(os.devnull).is_char_device()
    assert link.is_symlink()


def test_what_takes_nothing_is_refused(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(Refused, match="cannot be written"):
        write(full)


@pytest.mark.parametrize("name", ["folder", "no/people.csv"])
def test_a_place_for_no_file_is_refused_before_anything_is_done(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(Refused, match="cannot be written"), output.to(str(tmp_path / name)):
        pytest.fail("the block must not be entered")


def test_what_may_be_left_out_is_when_it_is_empty(tmp_path: Path) -> None:
    for name, even_empty in (("a", True), ("b", False)):
        with output.to(str(tmp_path / name), even_empty=even_empty):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
