"""Parked messages: kept whole with their reason, listed, and sent again by a command (I13)."""

import binascii
from dataclasses import dataclass
from datetime import datetime

import orjson
from aiokafka import AIOKafkaProducer
from sqlalchemy import BigInteger, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import DateTime, Field, SQLModel

from shared.adapters.consumer_loop import Received

_BASE64 = "base64"


class ParkedColumns(SQLModel):
    """The columns of a service's `parked_messages` table; each service declares the table in its own schema."""

    parked_id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    topic: str = Field(sa_type=Text)
    partition: int
    message_offset: int = Field(sa_type=BigInteger)
    key: bytes | None = Field(default=None, sa_type=LargeBinary)
    value: bytes = Field(sa_type=LargeBinary)
    headers: list[list[str | None]] = Field(sa_type=JSONB)
    reason: str = Field(sa_type=Text)
    parked_at: datetime = Field(sa_type=DateTime(timezone=True))
    resent_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessage:
    """One parked message, for lists."""

    parked_id: int
    topic: str
    partition: int
    offset: int
    reason: str
    parked_at: datetime


async def park_message(session: AsyncSession, schema: str, message: Received, *, reason: str, at: datetime) -> bool:
    """Keep the message whole, once for each place on the log; return whether it was new."""
    result = await session.execute(
        text(
            f"INSERT INTO {schema}.parked_messages"
            " (topic, partition, message_offset, key, value, headers, reason, parked_at)"
            " VALUES (:topic, :partition, :offset, :key, :value, CAST(:headers AS jsonb), :reason, :at)"
            " ON CONFLICT (topic, partition, message_offset) DO NOTHING RETURNING parked_id"
        ),
        {
            "topic": message.topic,
            "partition": message.partition,
            "offset": message.offset,
            "key": message.key,
            "value": message.value,
            "headers": orjson.dumps([_header_document(name, value) for name, value in message.headers]).decode(),
            "reason": reason,
            "at": at,
        },
    )
    return result.scalar() is not None


async def list_parked(session: AsyncSession, schema: str) -> list[ParkedMessage]:
    """Return the messages parked and not yet sent again, oldest first."""
    rows = await session.execute(
        text(
            "SELECT parked_id, topic, partition, message_offset, reason, parked_at"
            f" FROM {schema}.parked_messages WHERE resent_at IS NULL ORDER BY parked_id"
        )
    )
    return [
        ParkedMessage(
            parked_id=row.parked_id,
            topic=row.topic,
            partition=row.partition,
            offset=row.message_offset,
            reason=row.reason,
            parked_at=row.parked_at,
        )
        for row in rows
    ]


async def resend_parked(session: AsyncSession, schema: str, producer: AIOKafkaProducer, *, at: datetime) -> int:
    """Send every parked message to its topic again, marked after the broker's acknowledgement; return how many."""
    rows = (
        await session.execute(
            text(
                "SELECT parked_id, topic, key, value, headers"
                f" FROM {schema}.parked_messages WHERE resent_at IS NULL ORDER BY parked_id FOR UPDATE"
            )
        )
    ).all()
    for row in rows:
        headers = [_header_of_document(document) for document in row.headers]
        await producer.send_and_wait(row.topic, value=row.value, key=row.key, headers=headers)
        await session.execute(
            text(f"UPDATE {schema}.parked_messages SET resent_at = :at WHERE parked_id = :id"),
            {"at": at, "id": row.parked_id},
        )
    return len(rows)


def _header_document(name: str, value: bytes | None) -> list[str | None]:
    """Return a header as jsonb can hold it; what is no text (a poison message's may be anything) goes in base64."""
    if value is None:
        return [name, None]
    try:
        text_value = value.decode()
    except UnicodeDecodeError:
        text_value = "\x00"
    if "\x00" in text_value:
        return [name, binascii.b2a_base64(value, newline=False).decode(), _BASE64]
    return [name, text_value]


def _header_of_document(document: list[str | None]) -> tuple[str, bytes | None]:
    name, value, *encoding = document
    if value is None:
        return str(name), None
    return str(name), binascii.a2b_base64(value) if encoding == [_BASE64] else value.encode()
