"""Where files are kept, by the settings: in a folder, or in a bucket of an S3-compatible store."""

from pathlib import Path

from app.errors import CannotStart
from app.settings import Settings
from core.files import FileStore, FolderStore


def file_store(settings: Settings) -> FileStore:
    """The store. Raises `CannotStart` where what it needs is not installed."""
    if not settings.files_s3_bucket:
        return FolderStore(Path(settings.files_folder))
    try:
        from app.s3 import BucketStore
    except ImportError:
        raise CannotStart(
            'FILES_S3_BUCKET needs one package more: pip install "switchboard-desk[s3]"'
        ) from None
    return BucketStore(settings.files_s3_bucket, url=settings.files_s3_url or None)
