"""Errors of reference data.

ReferenceDataError
├── BadReferenceFileError    a data file breaks its own rules; the message names file and line
├── UnknownAreaError         an area id that the reference does not know
├── UnknownUnitOfMeasureError
├── IncompatibleUnitsError   two units measure different things
└── NoDueRuleError           a feed that the calendar does not know
"""

from shared.kernel.errors import PlanwatchError


class ReferenceDataError(PlanwatchError):
    """Reference data cannot answer."""


class BadReferenceFileError(ReferenceDataError):
    """A data file breaks its own rules; the message names file and line."""


class UnknownAreaError(ReferenceDataError):
    """No area has this id."""


class UnknownUnitOfMeasureError(ReferenceDataError):
    """No unit of measure is written this way."""


class IncompatibleUnitsError(ReferenceDataError):
    """The two units measure different things."""


class NoDueRuleError(ReferenceDataError):
    """The calendar knows no such feed."""
