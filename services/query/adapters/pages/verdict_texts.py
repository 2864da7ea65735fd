"""The sentences of verdicts, forecasts and the corrections behind alerts, in Chinese and English."""

from collections.abc import Mapping

VERDICT_TEXTS: Mapping[str, tuple[str, str]] = {
    "verdict.title": ("{period}评判", "Verdict of {period}"),
    "verdict.recorded": ("{at}评判", "judged {at}"),
    "verdict.replaced": (
        "数据修订后已重新评判，此为当时的评判，留存备查。",
        "Figures were corrected since and it was judged again; this is the verdict of then, kept for reference.",
    ),
    "verdict.steps": ("计算过程", "Arithmetic"),
    "verdict.steps.none": ("本期没有可比较的数，未作计算。", "Nothing could be compared at this period."),
    "verdict.step": ("步骤", "Step"),
    "verdict.formula": ("算式", "Formula"),
    "verdict.result": ("结果", "Result"),
    "verdict.inputs": ("所用数据的版本", "Versions of the figures used"),
    "verdict.inputs.text": (
        "任一记录被修订，校验值即改变，评判随之重作。",
        "When any of the rows is corrected its digest changes, and it is judged again.",
    ),
    "verdict.considered": ("计入／查看记录", "Rows counted / looked at"),
    "verdict.submissions": ("共{count}个批次", "{count} submissions in all"),
    "verdict.digest": ("校验值", "digest"),
    "verdict.version": ("目标第{version}版", "target version {version}"),
    "verdict.again": ("重新评判", "Judge it again"),
    "verdict.again.text": (
        "只凭本评判的公开内容，用下面的命令可重算并比对：",
        "From what is published of this verdict alone, this command judges it again and compares:",
    ),
    "suspension.title": ("暂缓", "Suspension"),
    "suspension.text": (
        "期末在所列日期内的各期照常计算，只是不亮灯；没有数据仍算数据缺失。",
        "Periods that end on these days are reckoned as ever and show no light; a missing figure is still told as missing.",
    ),
    "suspension.days": ("{since} 至 {until}", "{since} to {until}"),
    "suspension.until": ("至 {until}", "until {until}"),
    "suspension.approved": ("{approver}批准", "approved by {approver}"),
    "suspension.reference": ("依据 {paper}", "{paper}"),
    "suspension.by_plan": ("由规划暂缓", "suspended by the plan"),
    "forecast.title": ("完成预测", "Forecast"),
    "forecast.point": ("{period}末预测值（中位数）", "Expected at the end of {period} (median)"),
    "forecast.interval": ("80%区间", "80 % interval"),
    "forecast.probability": ("完成概率", "Probability of attaining it"),
    "forecast.basis": (
        "依据截至{period}的{points}期数据；{method}。",
        "From {points} known values up to {period}; {method}.",
    ),
    "forecast.rule": (
        "由{points}期数据预测。完成概率连续{hold}期低于{below}%即预警；至此连续{count}期低于该界限。",
        "From {points} known values. It alerts when the probability is below {below} % in {hold} periods in a row;"
        " so far in {count}.",
    ),
    "alert.corrected_by": ("所依据的数据修订", "The correction behind it"),
    "corrections.title": ("数据修订", "Corrections"),
    "corrections.text": (
        "凡更改已报送数据的批次，都列明由谁、何时、因何修订。原值保留，可按时点查看。",
        "Every submission that changed what was known: who, when and why. The old values stay and can be looked back to.",
    ),
    "corrections.none": ("没有符合条件的修订", "No correction matches"),
    "corrections.none.text": ("已报送的数据被更改时，会列在这里。", "Listed here when known figures are changed."),
    "corrections.when": ("修订时间", "When"),
    "corrections.who": ("报送来源", "Who"),
    "corrections.why": ("原因和依据", "Why"),
    "corrections.changed": ("更改", "Changed"),
    "corrections.rows": ("{count}行", "{count} row(s)"),
    "corrections.removed": ("其中删除{count}行", "of them removed: {count}"),
}
