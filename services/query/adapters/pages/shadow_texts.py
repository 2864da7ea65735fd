"""The sentences of the pages about rules in shadow."""

from collections.abc import Mapping

SHADOW_TEXTS: Mapping[str, tuple[str, str]] = {
    "shadows.title": ("影子规则", "Rules in shadow"),
    "shadows.text": (
        "改动后的规划或阈值与现行规则同时评判同样的数据，启用之前先看差别。",
        "Changed plans or thresholds judge the same figures beside the live ones, so that the difference shows before they are used.",
    ),
    "shadows.nobody": (
        "影子只作比对：不发出任何预警，从未通知任何单位或个人，也不改变现行评判。",
        "A shadow only compares: it raises no alert, has never told anyone anything, and changes nothing of the live rules.",
    ),
    "shadows.none": ("没有规则在影子中运行", "No rule is in shadow"),
    "shadows.none.text": (
        "用 planwatch shadow 加改动后的规划文件夹启动一个。",
        "Start one with planwatch shadow and the folder of changed plans.",
    ),
    "shadow.name": ("影子", "Shadow"),
    "shadow.state": ("状态", "State"),
    "shadow.plans": ("规划", "Plans"),
    "shadow.cities": ("城市", "City"),
    "shadow.cities.all": ("全部城市", "every city"),
    "shadow.since": ("运行起始", "In shadow since"),
    "shadow.until": ("结束时间", "Ended"),
    "shadow.compared": ("比对截至", "Compared up to"),
    "shadow.round": ("第{round}评判批次，{at}", "round {round}, {at}"),
    "shadow.fingerprint": ("规则指纹", "Fingerprint of the plans"),
    "shadow.catching_up": (
        "正在追平历史：已评判{done}/{known}个批次，追平后列出差别。",
        "Catching up: {done} of {known} rounds judged; the difference shows when it has.",
    ),
    "shadow.behind": ("尚未比对，已评判{done}/{known}个批次", "not compared yet, {done} of {known} rounds judged"),
    "shadow.never": ("尚未追平，没有比对结果。", "It never caught up, so nothing was compared."),
    "shadow.lost": (
        "运行它的进程已不在（被强行终止，或所在机器失联），没有留下原因；差别停留在最近一次比对。再次启动即从头评判。",
        "Its process is gone (killed, or its machine is away) and left no reason; the difference is that of its last"
        " comparison. Started again, it judges everything anew.",
    ),
    "shadow.failed": ("运行失败：{reason}", "It failed: {reason}"),
    "shadow.difference": ("与现行预警的差别", "Beside the live alerts"),
    "shadow.counts": ("各类预警数", "Alerts by outcome"),
    "shadow.outcome": ("差别", "Difference"),
    "shadow.different": ("有差别的", "Those that differ"),
    "shadow.live": ("现行规则", "Live rules"),
    "shadow.side": ("影子（未通知任何人）", "Shadow (nobody was told)"),
    "shadow.live.none": ("未发出预警", "no alert"),
    "shadow.side.none": ("不会发出预警", "would raise none"),
    "shadow.opened": ("{period}发出", "opened on {period}"),
    "shadow.breach": ("自{since}落后，{period}发出", "in breach since {since}, opened on {period}"),
    "shadow.became": ("最重：{light}", "at worst {light}"),
    "shadow.alert": ("查看预警", "see the alert"),
    "shadow.no_target": ("现行规划没有此目标", "the live plans have no such target"),
    "shadow.none": ("没有差别", "No difference"),
    "shadow.none.text": (
        "影子发出的预警与现行规则完全相同（{same}条）。",
        "The shadow would have raised exactly the live alerts ({same}).",
    ),
    "shadow.filtered": ("没有这一类预警", "No alert of this kind"),
    "shadow.filtered.text": ("请换一类差别查看。", "Choose another difference."),
    "footer.shadows": ("影子规则（启用前比对）", "Rules in shadow (compared before use)"),
}
