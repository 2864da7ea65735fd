"""Settings of alerts."""

from email.headerregistry import Address
from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from shared.adapters.settings import KafkaSettings


def _sender(value: str) -> str:
    """A mail address whose domain Message-IDs can carry."""
    address = Address(addr_spec=value)
    if not address.domain or not value.isascii():
        raise ValueError("is not a mail address")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Settings(KafkaSettings):
    """What alerts reads from PLANWATCH_ variables."""

    alerts_channels_file: str = Field(
        description="YAML file of the units' channels: `cities: {<city>: {<unit>: {mail: [address], webhook: {url, secret}}}}`"
    )
    alerts_page_url: str = Field(
        description="address under which an alert's page lies; its id is appended", pattern="^https?://"
    )
    alerts_action_token: SecretStr = Field(
        description="bearer token of the actions (acknowledge, suspend, resume)", min_length=16
    )
    alerts_issuer: str = Field(default="规划目标监测预警系统", description="who signs the notices")
    alerts_reply_office: str = Field(default="领导小组办公室", description="to whom units reply, named in the notices")
    alerts_reply_working_days: int = Field(
        default=5, ge=1, le=60, description="working days a unit has to reply, counted from the notice"
    )
    alerts_suspension_longest_days: int = Field(
        default=365, ge=1, le=1830, description="days ahead that a suspension may last at most"
    )
    alerts_mail_from: Annotated[str, AfterValidator(_sender)] = Field(description="address that notices are sent from")
    alerts_mail_from_name: str = Field(default="规划目标监测预警系统", description="name that notices are sent from")
    alerts_smtp_host: str = Field(description="SMTP server")
    alerts_smtp_port: int = Field(default=25, ge=1, le=65535, description="port of the SMTP server")
    alerts_smtp_starttls: Literal["none", "required"] | None = Field(
        default=None,
        description="`required`: encrypt or do not send; `none`: plain text. Unset: `none` for a server on this machine,"
        " else `required`",
    )
    alerts_smtp_user: str | None = Field(default=None, description="account at the SMTP server; needs STARTTLS")
    alerts_smtp_password: SecretStr | None = Field(default=None, description="password of the account")
    alerts_mail_concurrency: int = Field(default=4, ge=1, le=50, description="mails sent at the same time")
    alerts_webhook_concurrency: int = Field(default=8, ge=1, le=100, description="webhooks sent at the same time")
    alerts_send_timeout_seconds: float = Field(
        default=30,
        gt=0,
        le=300,
        description="time one try to send may take, in seconds; a mail server may then take ten minutes to accept the text",
    )
    alerts_retry_first_seconds: float = Field(
        default=5, gt=0, description="wait after the first failed try, in seconds; it doubles from try to try"
    )
    alerts_retry_longest_seconds: float = Field(
        default=3600, gt=0, description="longest wait between two tries, in seconds"
    )
    alerts_retry_give_up_days: float = Field(
        default=3, gt=0, le=30, description="days after which an undelivered notice is marked failed"
    )

    @property
    def smtp_is_encrypted(self) -> bool:
        """Whether mail is sent only after STARTTLS."""
        if self.alerts_smtp_starttls is None:
            return not _is_loopback(self.alerts_smtp_host)
        return self.alerts_smtp_starttls == "required"

    @model_validator(mode="after")
    def _account_is_encrypted_and_whole(self) -> Self:
        if (self.alerts_smtp_user is None) != (self.alerts_smtp_password is None):
            raise ValueError("the SMTP account needs both user and password")
        if self.alerts_smtp_user is not None and not self.smtp_is_encrypted:
            raise ValueError("an SMTP password is never sent unencrypted: set PLANWATCH_ALERTS_SMTP_STARTTLS=required")
        return self
