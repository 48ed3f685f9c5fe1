"""The stores for files: the same words, a folder or a bucket behind them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiobotocore.session import get_session
from moto.server import ThreadedMotoServer

from app.files import file_store
from app.s3 import BucketStore
from app.settings import Settings
from core.files import FileStore, FolderStore, NotKept

BUCKET = "kept"
AN_ID, ANOTHER = "ab" * 16, "cd" * 16


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    """A real HTTP server that speaks S3, on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FileStore]:
    if request.param == "folder":
        yield file_store(Settings(files_folder=tmp_path))
        return
    url: str = request.getfixturevalue("s3_url")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = file_store(Settings(files_s3_bucket=BUCKET, files_s3_url=url))
    assert isinstance(made, BucketStore)
    async with get_session().create_client("s3", endpoint_url=url) as client:
        await client.create_bucket(Bucket=BUCKET)
    yield made


async def test_what_is_kept_can_be_read_until_it_is_let_go(store: FileStore) -> None:
    content = bytes(range(256)) * 4_000
    await store.keep(AN_ID, b"before")
    await store.keep(AN_ID, content)
    await store.keep(ANOTHER, b"")

    assert await store.read(AN_ID) == content
    assert await store.read(ANOTHER) == b""

    await store.forget(AN_ID)
    await store.forget(AN_ID)
    with pytest.raises(NotKept):
        await store.read(AN_ID)


def test_the_folder_is_what_there_is_without_a_bucket(tmp_path: Path) -> None:
    assert isinstance(file_store(Settings(files_folder=tmp_path)), FolderStore)
