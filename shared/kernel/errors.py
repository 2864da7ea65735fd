"""The roots of every error planwatch raises on purpose.

PlanwatchError
├── InvalidMessageError   a message that can never be processed: it is parked, its partition goes on
└── <Service>Error        one base per service, in services/<name>/domain/errors.py
"""


class PlanwatchError(Exception):
    """Something planwatch itself refuses or could not do."""


class InvalidMessageError(PlanwatchError):
    """A message cannot be decoded or breaks a rule of its contract; trying again will not help."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
