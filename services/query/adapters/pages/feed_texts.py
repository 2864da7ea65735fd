"""The sentences of the pages about feeds: what arrived, and what alerts press for."""

from collections.abc import Mapping

FEED_TEXTS: Mapping[str, tuple[str, str]] = {
    "feeds.title": ("报送情况", "Feeds"),
    "feeds.text": (
        "只有完整收到的批次才计入评判；缺报不等于零，也不等于好转。",
        "Only complete submissions count. What is missing is not zero, and not good news.",
    ),
    "feeds.none": ("还没有收到任何报送", "Nothing has arrived yet"),
    "feeds.none.text": ("统计系统推送报表后，到达情况会列在这里。", "What statistics systems push is listed here."),
    "feeds.missing": ("缺报 {count} 份", "{count} missing"),
    "feeds.submissions": ("最近批次", "Latest submissions"),
    "feeds.rows": ("行（已收/应收）", "Rows (read/sent)"),
    "feeds.parked": ("其中{count}行无法处理", "{count} could not be processed"),
    "feeds.source": ("来源", "Source"),
    "feeds.recorded": ("接收时间", "Accepted"),
    "alert.due_rule": ("报送时限", "When it is due"),
    "alert.needed_for": ("用于监测《{plan}》", "Needed to monitor {plan}"),
    "alert.missing_reports": ("逾期未报的各期", "Reports that are missing"),
}
