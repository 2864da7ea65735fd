"""The channels file: by which addresses each unit is reached. Operator data, read and checked once at the start."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx2
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, ValidationError, model_validator
from standardwebhooks.webhooks import Webhook

from services.alerts.domain.errors import AlertsError
from services.alerts.domain.notice import Channel, ChannelsOf, Endpoint
from shared.kernel.china_time import day_in_china
from shared.kernel.clock import Clock
from shared.plans.directory import Unit, UnitDirectory
from shared.plans.loader import load_directories
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
    cities: dict[str, dict[str, UnitChannels]]


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of every unit, by city: 市工业和信息化局 exists in each.

    A unit may be named as its city's directory names it or by any alias; plans of one city spell it differently. A
    collective name (各县区人民政府) is reached through its members, a unit that ended through its successors. A name the
    directory does not know stands for itself.
    """

    cities: Mapping[str, Mapping[str, UnitChannels]]
    directories: Mapping[str, UnitDirectory] = field(default_factory=dict)

    def of(self, city: str, name: str, *, on: date) -> tuple[Endpoint, ...]:
        """Return the endpoints of who answers for a unit on a day, each once."""
        found = [endpoint for channels in self._of(city, name, on) for endpoint in _endpoints(channels)]
        return tuple(dict.fromkeys(found))

    def today(self, clock: Clock) -> ChannelsOf:
        """Return what finds the endpoints of who answers for a unit now."""
        return lambda city, name: self.of(city, name, on=day_in_china(clock()))

    def signer(self, name: str, url: str) -> Webhook | None:
        """Return what signs for this endpoint; None when the file no longer has it."""
        for city in self.cities:
            for channels in self._of(city, name, None):
                if channels.webhook is not None and channels.webhook.url == url:
                    return Webhook(channels.webhook.secret.get_secret_value())
        return None

    def unknown(self) -> tuple[str, ...]:
        """Return the names of the file that their city's directory does not know: most likely misspelt."""
        return tuple(
            f"{city} {name}"
            for city, units in self.cities.items()
            for name in units
            if city not in self.directories or self.directories[city].find(name) is None
        )

    def _of(self, city: str, name: str, on: date | None) -> Iterator[UnitChannels]:
        units = self.cities.get(city, {})
        directory = self.directories.get(city)
        unit = None if directory is None else directory.find(name)
        if directory is None or unit is None:
            if name in units:
                yield units[name]
            return
        meant = {one.id for member in directory.members(unit) for one in _answering(directory, member, on)}
        for written, channels in units.items():
            known = directory.find(written)
            if known is not None and known.id in meant:
                yield channels


def _answering(directory: UnitDirectory, unit: Unit, on: date | None) -> tuple[Unit, ...]:
    """Return who answers for a unit on a day; on no day in particular, whoever ever did."""
    if on is not None:
        return directory.in_office(unit, on)
    return (unit, *directory.in_office(unit, date.max))


def _endpoints(channels: UnitChannels) -> tuple[Endpoint, ...]:
    mails = tuple(Endpoint(Channel.MAIL, address) for address in channels.mail)
    return (*mails, Endpoint(Channel.WEBHOOK, channels.webhook.url)) if channels.webhook else mails


def load_channels(path: Path, plans_dir: Path) -> Channels:
    """Read the file and the directories of units of `plans_dir`; raise BadChannelsFileError or PlanFileError.

    No value of the file stands in the message, secrets are among them.
    """
    directories = load_directories(plans_dir)
    try:
        content = read_yaml(path).content
    except YamlSyntaxError as error:
        raise BadChannelsFileError(f"channels file {error}") from error
    except OSError as error:
        raise BadChannelsFileError(f"channels file {path}: {error.strerror}") from error
    try:
        return Channels(_ChannelsFile.model_validate(content).cities, directories)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or '(file)'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise BadChannelsFileError(f"channels file {path}: {faults}") from error
