"""The feeds whose rows are facts here."""

from enum import StrEnum

from services.rules.domain.wording import Text


class Feed(StrEnum):
    """A feed by its name on the wire."""

    ENTERPRISES = "enterprises"
    PROJECTS = "projects"
    RATINGS = "ratings"
    RECOGNITIONS = "recognitions"
    INDICATORS = "indicators"


FEED_NAMES = {
    Feed.ENTERPRISES: Text("企业报表", "enterprise report"),
    Feed.PROJECTS: Text("项目报表", "project report"),
    Feed.RATINGS: Text("评价结果", "rating results"),
    Feed.RECOGNITIONS: Text("企业认定名单", "list of recognitions"),
    Feed.INDICATORS: Text("指标数据", "published figures"),
}
