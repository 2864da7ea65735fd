"""When a light becomes an alert: how severe it is, how long it must hold, and how far it must get better to end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def rank(self) -> int:
        """Yellow is 1, red is 2."""
        return 1 if self is Severity.YELLOW else 2


class Binding(StrEnum):
    """Whether the document binds the target (约束性) or expects it (预期性)."""

    BINDING = "binding"
    EXPECTED = "expected"


def _as_the_light() -> Mapping[Binding, Mapping[Severity, Severity]]:
    return {binding: {light: light for light in Severity} for binding in Binding}


def _yellow() -> Mapping[Binding, Severity]:
    return dict.fromkeys(Binding, Severity.YELLOW)


@dataclass(frozen=True, slots=True)
class AttainmentRule:
    """A rule on forecasts: the probability of attaining the goal was below a bound in so many of them in a row.

    Exactly the bound is not below it. `severities` says how severe that is for binding and expected targets.
    """

    below: Decimal
    hold: int
    severities: Mapping[Binding, Severity] = field(default_factory=_yellow, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """`severities` says for binding and expected targets how severe a yellow and a red light is.

    A breach is told when it `hold`s for so many periods in a row; it ends when the shortfall, in the lights' own unit, is at
    most `recover` (None: with any green light). `forecast` is the rule on forecasts; with None they raise no alert.
    """

    hold: int = 1
    recover: Decimal | None = None
    severities: Mapping[Binding, Mapping[Severity, Severity]] = field(default_factory=_as_the_light, hash=False)
    forecast: AttainmentRule | None = None


AT_ONCE = Alerting()
"""The first light behind is told, as severe as it shows; any green one ends it."""
