"""What a verdict says."""

from enum import StrEnum

from services.rules.domain.lights import Light


class Status(StrEnum):
    """What a verdict says."""

    MET = "met"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    MISSED = "missed"
    NO_DATA = "no_data"
    CANNOT_JUDGE = "cannot_judge"
    NOT_DUE = "not_due"
    SUSPENDED = "suspended"

    @property
    def light(self) -> Light | None:
        """The light it shows, None when it says nothing of good or bad."""
        return _LIGHTS.get(self)


_LIGHTS = {
    Status.MET: Light.GREEN,
    Status.ON_PACE: Light.GREEN,
    Status.BEHIND: Light.YELLOW,
    Status.FAR_BEHIND: Light.RED,
    Status.MISSED: Light.RED,
}

UNKNOWN = (Status.NO_DATA, Status.CANNOT_JUDGE, Status.NOT_DUE)
"""What could not be judged, or not yet."""

SILENT = (*UNKNOWN, Status.SUSPENDED)
"""What says neither good nor bad: it neither opens nor ends anything."""
