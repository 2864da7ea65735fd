"""The channels file: by which addresses each unit is reached. Operator data, read and checked once at the start."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx2
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, ValidationError, model_validator
from standardwebhooks.webhooks import Webhook

from services.alerts.domain.errors import AlertsError
from services.alerts.domain.notice import Channel, Endpoint
from shared.plans.yaml_source import YamlSyntaxError, read_yaml

_SHORTEST_SECRET = 24


class BadChannelsFileError(AlertsError):
    """The channels file cannot be used; the message names the file and every fault in one line."""


def _mail_address(value: str) -> str:
    try:
        address = Address(addr_spec=value)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError("is not a mail address") from error
    if not address.domain or not value.isascii() or address.addr_spec != value:
        raise ValueError("is not a mail address")
    return value


def _web_address(value: str) -> str:
    """Refuse also what the client would refuse when it sends."""
    try:
        parts, url = urlsplit(value), httpx2.URL(value)
    except (ValueError, httpx2.InvalidURL) as error:
        raise ValueError("is not an http(s) address") from error
    if parts.scheme not in ("http", "https") or not url.host or parts.fragment or not value.isprintable():
        raise ValueError("is not an http(s) address")
    return value


def _signing_secret(value: SecretStr) -> SecretStr:
    """Standard Webhooks asks for 24 to 64 random bytes, written as `whsec_` and base64."""
    text = value.get_secret_value()
    if not text.startswith("whsec_"):
        raise ValueError("a webhook secret starts with whsec_")
    if len(_key_of(text)) < _SHORTEST_SECRET:
        raise ValueError(f"a webhook secret has at least {_SHORTEST_SECRET} bytes")
    return value


def _key_of(secret: str) -> bytes:
    text = secret.removeprefix("whsec_").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise ValueError("a webhook secret is whsec_ and base64") from error


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WebhookChannel(_Part):
    """Where to post, and the secret that signs."""

    url: Annotated[str, AfterValidator(_web_address)]
    secret: Annotated[SecretStr, AfterValidator(_signing_secret)]


class UnitChannels(_Part):
    """All channels of one unit; at least one."""

    mail: tuple[Annotated[str, AfterValidator(_mail_address)], ...] = ()
    webhook: WebhookChannel | None = None

    @model_validator(mode="after")
    def _something(self) -> "UnitChannels":
        if not self.mail and self.webhook is None:
            raise ValueError("has neither mail nor webhook")
        if len({address.casefold() for address in self.mail}) != len(self.mail):
            raise ValueError("has an address twice")
        return self


class _ChannelsFile(_Part):
    units: dict[str, UnitChannels]


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of every unit by its name as the plans write it."""

    units: Mapping[str, UnitChannels]

    def of(self, unit: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of a unit (a `ChannelsOf`)."""
        channels = self.units.get(unit)
        if channels is None:
            return ()
        mails = tuple(Endpoint(Channel.MAIL, address) for address in channels.mail)
        return (*mails, Endpoint(Channel.WEBHOOK, channels.webhook.url)) if channels.webhook else mails

    def signer(self, unit: str, url: str) -> Webhook | None:
        """Return what signs for this endpoint; None when the file no longer has it."""
        channels = self.units.get(unit)
        if channels is None or channels.webhook is None or channels.webhook.url != url:
            return None
        return Webhook(channels.webhook.secret.get_secret_value())


def load_channels(path: Path) -> Channels:
    """Read the file; raise BadChannelsFileError. No value of the file stands in the message, secrets are among them."""
    try:
        content = read_yaml(path).content
    except YamlSyntaxError as error:
        raise BadChannelsFileError(f"channels file {error}") from error
    except OSError as error:
        raise BadChannelsFileError(f"channels file {path}: {error.strerror}") from error
    try:
        return Channels(_ChannelsFile.model_validate(content).units)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or '(file)'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise BadChannelsFileError(f"channels file {path}: {faults}") from error
