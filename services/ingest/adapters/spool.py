"""Receives a body to its end into a temporary file: hashed while it comes, never whole in memory."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

from services.ingest.adapters.csv_rows import CsvRows
from services.ingest.adapters.json_rows import JsonRows
from services.ingest.adapters.media_type import BodyFormat
from services.ingest.domain.errors import BodyTooLargeError
from services.ingest.domain.feeds import FeedTable
from services.ingest.domain.submission import KeptBody

IN_MEMORY_BYTES = 256 * 1024
CHUNK_BYTES = 1024 * 1024


class SpooledBody:
    """A received body (a `ReceivedBody`): small ones lie in memory, larger ones on disk."""

    def __init__(self, file: BinaryIO, kept: KeptBody, reader: JsonRows | CsvRows) -> None:
        self._file = file
        self._kept = kept
        self._reader = reader

    @property
    def kept(self) -> KeptBody:
        """What is known of its bytes."""
        return self._kept

    def envelope(self) -> Mapping[str, object]:
        """Return the envelope as written."""
        return self._reader.envelope()

    def header(self) -> frozenset[str] | None:
        """Return the columns a file names once."""
        return self._reader.header()

    def rows(self) -> Iterator[object]:
        """Read the rows one after the other."""
        return self._reader.rows()

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes as they came, in pieces."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            yield chunk


@asynccontextmanager
async def received_body(
    stream: AsyncIterator[bytes],
    form: BodyFormat,
    *,
    table: FeedTable,
    query: Mapping[str, str],
    limit_bytes: int,
) -> AsyncIterator[SpooledBody]:
    """Receive a stream to its end; raise BodyTooLargeError past the limit. The file is gone afterwards."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
        file = cast("BinaryIO", spool)
        digest, size = hashlib.sha256(), 0
        async for piece in stream:
            size += len(piece)
            if size > limit_bytes:
                raise BodyTooLargeError(limit_bytes)
            digest.update(piece)
            file.write(piece)
        kept = KeptBody(content_type=form.content_type, sha256=digest.digest(), size_bytes=size)
        reader = CsvRows(file, table, query, charset=form.charset) if form.is_csv else JsonRows(file)
        yield SpooledBody(file, kept, reader)
