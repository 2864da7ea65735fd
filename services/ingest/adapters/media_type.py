"""Which body formats are understood."""

import codecs
from dataclasses import dataclass
from email.message import Message

JSON = "application/json"
CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class BodyFormat:
    """The format of a body, its content type as given, and the charset that declares."""

    content_type: str
    is_csv: bool
    charset: str | None = None


def format_of(content_type: str | None) -> BodyFormat | None:
    """Return the format a Content-Type names, None when it is not understood."""
    if content_type is None:
        return None
    message = Message()
    message["content-type"] = content_type
    kind = message.get_content_type()
    if kind not in {JSON, CSV} or not content_type.lower().strip().startswith(kind):
        return None
    return BodyFormat(content_type, is_csv=kind == CSV, charset=_charset(message))


def _charset(message: Message) -> str | None:
    """Return the charset as Python names it, as it is written when Python does not know it."""
    given = message.get_param("charset")
    if not isinstance(given, str) or not given:
        return None
    try:
        return codecs.lookup(given).name
    except LookupError:
        return given
