"""Errors of rules.

RulesError
├── UnsupportedPlanError   a plan uses something this engine cannot judge; it is refused when loaded
└── LightsGapError         a shortfall lies in no band of the lights, or in two
"""

from shared.kernel.errors import PlanwatchError


class RulesError(PlanwatchError):
    """Something rules refuses or could not do."""


class UnsupportedPlanError(RulesError):
    """A plan uses something this engine cannot judge."""


class LightsGapError(RulesError):
    """A shortfall lies in no band of the lights, or in two."""
