"""Files in a bucket of an S3-compatible store."""

from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

from core.files import NotKept

PREFIX = "files/"
MISSING = {"NoSuchKey", "404", "NotFound"}
PATIENT = AioConfig(
    connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"}
)


class BucketStore:
    """`core.files.FileStore` in a bucket, which has to be there.

    Credentials and region come from where every AWS client has them: ``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY`` and ``AWS_DEFAULT_REGION``, a profile, or the machine's role.
    """

    def __init__(self, bucket: str, *, url: str | None = None) -> None:
        self._bucket = bucket
        self._url = url
        self._session = get_session()

    async def keep(self, file_id: str, content: bytes) -> None:
        async with self._client() as client:
            await client.put_object(Bucket=self._bucket, Key=PREFIX + file_id, Body=content)

    async def read(self, file_id: str) -> bytes:
        async with self._client() as client:
            try:
                found = await client.get_object(Bucket=self._bucket, Key=PREFIX + file_id)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in MISSING:
                    raise NotKept(file_id) from None
                raise
            async with found["Body"] as body:
                content: bytes = await body.read()
            return content

    async def forget(self, file_id: str) -> None:
        async with self._client() as client:
            await client.delete_object(Bucket=self._bucket, Key=PREFIX + file_id)

    def _client(self) -> Any:
        return self._session.create_client("s3", endpoint_url=self._url, config=PATIENT)
