"""The declared table of each feed: its columns, its key, and where the key ends and the record begins."""

from dataclasses import dataclass
from enum import StrEnum

from services.ingest.domain.columns import Column, Kind


class FeedName(StrEnum):
    """The feeds that can be pushed."""

    ENTERPRISES = "enterprises"
    PROJECTS = "projects"
    RATINGS = "ratings"
    RECOGNITIONS = "recognitions"
    INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class MainAmount:
    """The field by which the size of a restatement is measured. Money adds up; figures of indicators do not."""

    field: str
    is_money: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTable:
    """A feed. `key` names the fields that identify a row (its cell); `stages` orders the values of `stage_field`.

    A row that moves to a later stage is news, not a restatement of the earlier one.
    """

    feed: FeedName
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    stage_field: str | None = None
    stages: tuple[str, ...] = ()
    main_amount: MainAmount | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names of all columns."""
        return frozenset(column.name for column in self.columns)

    @property
    def headings(self) -> dict[str, str]:
        """Every heading a file may write, English name or Chinese, with the column's name."""
        return {heading: column.name for column in self.columns for heading in (column.name, column.zh)}

    def column_of(self, field: str) -> Column:
        """Return the column that a field of the event comes from."""
        return next(column for column in self.columns if column.field == field)


def _column(name: str, kind: Kind, zh: str, *, required: bool = False, choices: str = "") -> Column:
    return Column(name=name, kind=kind, zh=zh, field=name, required=required, choices=tuple(choices.split()))


def _money(name: str, zh: str, *, required: bool = False, negative: bool = False) -> Column:
    return Column(
        name=name, kind=Kind.MONEY, zh=zh, field=f"{name}_yuan", required=required, unit="万元", negative=negative
    )


def _number(name: str, zh: str, *, field: str, unit: str) -> Column:
    return Column(name=name, kind=Kind.NUMBER, zh=zh, field=field, unit=unit)


ENTERPRISES = FeedTable(
    feed=FeedName.ENTERPRISES,
    zh="工业企业月报",
    key=("uscc",),
    main_amount=MainAmount("revenue_ytd_yuan"),
    columns=(
        _column("uscc", Kind.USCC, "统一社会信用代码", required=True),
        _column("name", Kind.TEXT, "单位详细名称", required=True),
        _column("area", Kind.AREA, "区域代码", required=True),
        _column("industry", Kind.INDUSTRY, "行业代码", required=True),
        _column("operating_status", Kind.CHOICE, "运营状态", required=True, choices="operating suspended closed"),
        _column("above_scale", Kind.BOOLEAN, "是否规上", required=True),
        _column("entered_on", Kind.DATE, "入库日期"),
        _column("entry_kind", Kind.CHOICE, "入库方式", choices="new grown moved_in changed"),
        _column("exited_on", Kind.DATE, "退库日期"),
        _column("exit_kind", Kind.CHOICE, "退库方式", choices="closed shrunk moved_out changed"),
        _money("revenue_ytd", "营业收入(1-本月)"),
        _money("output_ytd", "工业总产值(1-本月)"),
        _money("profit_ytd", "利润总额(1-本月)", negative=True),
        _money("tax_ytd", "税收(1-本月)", negative=True),
        _money("rd_ytd", "研发费用(1-本月)"),
        _number("energy_ytd", "综合能源消费量(1-本月)", field="energy_ytd_tce", unit="吨标准煤"),
        _number("electricity_ytd", "用电量(1-本月)", field="electricity_ytd_wan_kwh", unit="万千瓦时"),
        Column(name="employees", kind=Kind.INTEGER, zh="从业人员期末人数", field="employees", unit="人"),
        _number("land", "用地面积", field="land_mu", unit="亩"),
    ),
)

PROJECTS = FeedTable(
    feed=FeedName.PROJECTS,
    zh="工业投资项目月报",
    key=("code",),
    main_amount=MainAmount("planned_total_yuan"),
    columns=(
        _column("code", Kind.PROJECT_CODE, "项目代码", required=True),
        _column("name", Kind.TEXT, "项目名称", required=True),
        _column("owner_uscc", Kind.USCC, "项目单位统一社会信用代码"),
        _column("area", Kind.AREA, "区域代码", required=True),
        _column("industry", Kind.INDUSTRY, "行业代码"),
        _column("kind", Kind.CHOICE, "建设性质", required=True, choices="new expansion retrofit relocation other"),
        _money("planned_total", "计划总投资", required=True),
        _money("planned_equipment", "计划设备投资"),
        _money("completed_prior", "以前年度累计完成投资"),
        _money("planned_year", "本年计划投资"),
        _money("completed_ytd", "本年累计完成投资"),
        _column("signed_on", Kind.DATE, "签约日期"),
        _column("filed_on", Kind.DATE, "备案日期"),
        _column("started_on", Kind.DATE, "开工日期"),
        Column(
            name="start_evidence",
            kind=Kind.CHOICE,
            zh="开工佐证",
            field="start_evidence",
            choices=("accepted", "pending", "none"),
            default="none",
        ),
        _column("listed_on", Kind.DATE, "入库日期"),
        _column("completed_on", Kind.DATE, "竣工日期"),
        _column("production_on", Kind.DATE, "投产日期"),
    ),
)

RATINGS = FeedTable(
    feed=FeedName.RATINGS,
    zh="企业资源集约利用综合评价结果",
    key=("uscc", "year"),
    stage_field="stage",
    stages=("preliminary", "public_notice", "objected", "final"),
    columns=(
        _column("uscc", Kind.USCC, "统一社会信用代码", required=True),
        _column("year", Kind.YEAR, "评价年度", required=True),
        _column("class", Kind.CHOICE, "评价类别", required=True, choices="A B C D T"),
        _number("score", "综合得分", field="score", unit="分"),
        _column("stage", Kind.CHOICE, "公布阶段", required=True, choices="preliminary public_notice objected final"),
        _column("published_on", Kind.DATE, "公布日期", required=True),
        _column("area", Kind.AREA, "区域代码", required=True),
    ),
)

RECOGNITIONS = FeedTable(
    feed=FeedName.RECOGNITIONS,
    zh="企业认定名单",
    key=("uscc", "kind", "batch"),
    columns=(
        _column("uscc", Kind.USCC, "统一社会信用代码", required=True),
        _column("name", Kind.TEXT, "单位详细名称"),
        _column("kind", Kind.TITLE_KIND, "认定种类", required=True),
        _column("level", Kind.TEXT, "认定级别", required=True),
        _column("batch", Kind.TEXT, "认定批次", required=True),
        _column("granted_on", Kind.DATE, "认定日期", required=True),
        _column("revoked_on", Kind.DATE, "撤销日期"),
        _column("area", Kind.AREA, "区域代码", required=True),
    ),
)

INDICATORS = FeedTable(
    feed=FeedName.INDICATORS,
    zh="统计指标",
    key=("indicator", "area", "value_period", "measure", "basis"),
    main_amount=MainAmount("value", is_money=False),
    columns=(
        _column("indicator", Kind.INDICATOR, "指标", required=True),
        _column("area", Kind.AREA, "区域代码", required=True),
        Column(name="period", kind=Kind.PERIOD, zh="数据期别", field="value_period"),
        Column(name="value", kind=Kind.NUMBER, zh="数值", field="value", required=True, negative=True),
        _column("unit", Kind.TEXT, "计量单位", required=True),
        _column("measure", Kind.CHOICE, "口径", required=True, choices="level growth share"),
        _column("basis", Kind.CHOICE, "时间口径", required=True, choices="month ytd year point"),
        _column("status", Kind.CHOICE, "数据状态", required=True, choices="provisional final"),
        _column("authority", Kind.TEXT, "发布机构"),
    ),
)

FEED_TABLES = {table.feed: table for table in (ENTERPRISES, PROJECTS, RATINGS, RECOGNITIONS, INDICATORS)}
