"""Where the content of files is kept: a folder by default, any other store behind the same words."""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from core.channels import IncomingFile, Undeliverable

_ID = re.compile(r"[0-9a-f]{32}")


PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Kinds that no browser runs anything of; SVG and HTML are not among them."""


class NotKept(Exception):
    """The store has no such file."""


class FileStore(Protocol):
    """Keeps contents by id, 32 hexadecimal digits. Anything it raises is a store out of order."""

    async def keep(self, file_id: str, content: bytes) -> None:
        """Keep a content; the same id again replaces it."""
        ...

    async def read(self, file_id: str) -> bytes:
        """The content. Raises `NotKept`."""
        ...

    async def forget(self, file_id: str) -> None:
        """Let it go; what is not there is no failure."""
        ...


@dataclass(frozen=True)
class Attached:
    """A file as it came by HTTP."""

    name: str
    content_type: str
    content: bytes


async def upload(
    store: FileStore, post: str, files: Sequence[Attached], *, largest: int
) -> tuple[IncomingFile, ...]:
    """Keep the files of a post until its message is taken in; ``source`` is by what they are read.

    The same file of the same post has the same source, so that a repeated request keeps it once.
    One of more than ``largest`` bytes, or that the store does not keep, has a source that is not
    there: it is refused when it is fetched.
    """
    return tuple(
        [await _uploaded(store, post, *each, largest=largest) for each in enumerate(files)]
    )


async def _uploaded(
    store: FileStore, post: str, number: int, file: Attached, *, largest: int
) -> IncomingFile:
    source = hashlib.sha256(f"upload:{post}:{number}".encode()).hexdigest()[:32]
    try:
        if len(file.content) > largest:
            raise NotKept
        await store.keep(source, file.content)
    except NotKept:
        source = "nowhere"
    return IncomingFile(
        name=file.name, source=source, content_type=file.content_type, size=len(file.content)
    )


class Uploads:
    """The part of a channel that has files which came by HTTP: they lie in the file store from before
    their message is taken in until they are fetched, so that no process that ends loses one."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    async def fetch(self, source: str) -> AsyncGenerator[bytes, None]:
        """What was attached. Raises `Undeliverable` where it is not there."""
        try:
            yield await self._files.read(source)
        except NotKept:
            raise Undeliverable("the upload is not in the file store") from None

    async def let_go(self, source: str) -> None:
        """It has its own place by now."""
        await self._files.forget(source)


def for_browsers(name: str, content_type: str) -> Mapping[str, str]:
    """The headers with which a browser gets a file: pictures to be shown, all else to be downloaded."""
    shown = content_type in PICTURES
    how = "inline" if shown else "attachment"
    return {
        "content-type": content_type if shown else "application/octet-stream",
        "content-disposition": f"{how}; filename*=utf-8''{quote(name, safe='')}",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }


class FolderStore:
    """Files in a folder, by the first two digits of their id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, file_id: str, content: bytes) -> None:
        await asyncio.to_thread(self._write, self._path(file_id), content)

    async def read(self, file_id: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(file_id).read_bytes)
        except FileNotFoundError:
            raise NotKept(file_id) from None

    async def forget(self, file_id: str) -> None:
        await asyncio.to_thread(self._path(file_id).unlink, missing_ok=True)

    def _path(self, file_id: str) -> Path:
        if not _ID.fullmatch(file_id):
            raise NotKept(file_id)
        return self._folder / file_id[:2] / file_id

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        """All of it or nothing: written beside its place, synced, and renamed into it."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


class NoStore:
    """A desk that keeps no files: whatever comes is refused."""

    async def keep(self, file_id: str, content: bytes) -> None:  # noqa: ARG002
        raise NotKept("files are not kept here")

    async def read(self, file_id: str) -> bytes:
        raise NotKept(file_id)

    async def forget(self, file_id: str) -> None:
        """There is nothing to let go."""
