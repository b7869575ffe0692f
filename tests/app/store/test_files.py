"""Bytes lie under their hash, whole or not at all."""

import hashlib
import os
from threading import Barrier, Thread

import pytest

from app.store.files import Files, write_whole
from assessments.problems import MissingError


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "files")


def test_what_is_put_is_got_and_lies_under_its_hash(files):
    sha256 = files.put(b"a photo")
    assert sha256 == hashlib.sha256(b"a photo").hexdigest()
    assert files.get(sha256) == b"a photo"
    assert files.path(sha256).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in files.every()] == [sha256]


def test_putting_twice_keeps_one(files):
    assert files.put(b"a") == files.put(b"a")
    assert len(list(files.every())) == 1


def test_what_was_changed_on_disk_is_as_missing_as_what_is_gone(files):
    sha256 = files.put(b"a photo")
    files.path(sha256).write_bytes(b"another")
    with pytest.raises(MissingError):
        files.get(sha256)
    files.erase(sha256)
    files.erase(sha256)
    with pytest.raises(MissingError):
        files.get(sha256)


def test_putting_again_mends_what_was_damaged(files):
    sha256 = files.put(b"a photo")
    files.path(sha256).write_bytes(b"a pho")
    files.put(b"a photo")
    assert files.get(sha256) == b"a photo"


@pytest.mark.parametrize("name", ["", "../secret", "a" * 63, "A" * 64, "a" * 63 + "/", "../" + "a" * 61])
def test_no_name_leads_out_of_the_folder(files, name):
    with pytest.raises(MissingError):
        files.path(name)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    place = tmp_path / "a"
    place.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_whole(place, "no bytes")
    assert place.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]  # noqa: PTH208 hidden ones too


def test_many_at_once_keep_one_whole_file(files):
    data, start, got = os.urandom(300_000), Barrier(6), []

    def put():
        start.wait()
        got.append(files.get(files.put(data)))

    threads = [Thread(target=put) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert got == [data] * 6
    assert len([path for path in files.folder.rglob("*") if path.is_file()]) == 1
