"""What the simulated city is measured against: published totals of 宿迁, each with its source.

`published` figures are quoted; `assumed` ones fill gaps between them and say how they were chosen.
Sources: [145] 宿迁市“十四五”工业经济高质量发展规划 (表二); [2024] 宿政发〔2024〕15号; the others are named in place.
"""

from dataclasses import dataclass

# Published: 宿迁广电 2024-01-31, 规上工业总产值 2023 “突破5000亿元” (万元).
INDUSTRIAL_OUTPUT_2023 = 50_000_000
# Published: 宿迁广电 2024-08-29, 沭阳县规上工业企业 “突破1000家”.
SHUYANG_REGISTER_2024_08 = 1_000
# Published [145]: 规模企业 1746户, 销售超亿元 454户, 超10亿元 49户, 超百亿元 4户 (2020); by 2025: 2500, –, 120, 13 户.
REGISTER_2020 = 1_746
# Assumed: the register at the end of 2023, from 1746 (2020) and about 300 net entries a year, and large enough that
# 沭阳's thousand firms are the share that its weight in the city allows.
REGISTER_2023 = 2_700
# Assumed: firms near 2000万元 that a statistics office keeps in view (小升规 candidates).
POOL_2023 = 1_500
# Assumed from [145] and [2024]: 9 firms above 百亿元 by 2025 at one new firm a year gives 7; 120 above 10亿元 by 2025 at
# 10 or more a year gives about 85; 沭阳's “近300家” above 亿元 of about 1000 firms (宿迁广电 2024-08-29) gives about 800.
FIRMS_ABOVE_10_BILLION = 7
FIRMS_ABOVE_1_BILLION = 85
FIRMS_ABOVE_100_MILLION = 800

# Published: share of the year's total reached by March, June and September 2023, from the city's GDP (894.4, 1920.57,
# 2980.8 of 4398.07亿元: 澎湃 2023-05, 新华日报 2023-07-31, 澎湃 2023-10-27, 宿迁广电 2024-01-31); months between are assumed.
YEAR_TO_DATE_SHARE = (0, 600, 1190, 2034, 2780, 3560, 4367, 5130, 5930, 6778, 7760, 8840, 10_000)
"""Ten-thousandths of the year's total reached by the end of each month."""

# Published: 沭阳 2023, 工业用电量 59.66亿千瓦时 and 工业开票销售 1581.2亿元 (沭阳县工信局), hence kWh a 万元 of sales.
ELECTRICITY_KWH_PER_10K_YUAN = 377

# Published: ceremonies of 2021-02-26, 2022-04-22 (宿迁 “集中开工”) and 2023-11-13 (沭阳, mysteel 2023-11-14); July is assumed.
CEREMONIES = {2: 26, 4: 22, 7: 18, 11: 13}
"""Day of the month on which many projects start together."""
# Published: 2022-04-22, 112 projects of 894.9亿元; 2021-02-26, 71 projects of 977.5亿元: the means (万元) between which
# that of a year's starts should lie.
MEAN_PLANNED_TOTAL = (79_900, 137_700)


@dataclass(frozen=True, slots=True)
class CityArea:
    """A county or zone: its id, short name, region code in identifiers, and weights."""

    area: str
    short_name: str
    region: str
    firms: int
    projects: int


# Published: `projects` are the 112 projects of 2022-04-22 by area. `firms` (per mille of the register) is published for
# 沭阳 only (see above); the rest is assumed in rough proportion to the projects. Zones register under the city's code.
AREAS = (
    CityArea("321302", "宿城", "321302", 85, 11),
    CityArea("321311", "宿豫", "321311", 105, 11),
    CityArea("321322", "沭阳", "321322", 380, 24),
    CityArea("321323", "泗阳", "321323", 150, 23),
    CityArea("321324", "泗洪", "321324", 140, 23),
    CityArea("321371", "宿迁经开区", "321371", 60, 10),
    CityArea("321300-hubin", "湖滨新区", "321300", 20, 4),
    CityArea("321300-yanghe", "洋河新区", "321300", 30, 3),
    CityArea("321300-susu", "苏宿园区", "321300", 30, 3),
)

INDUSTRIES = (
    "1391",
    "1411",
    "1512",
    "1521",
    "1713",
    "1721",
    "1751",
    "1751",
    "1762",
    "1819",
    "1819",
    "2021",
    "2021",
    "2022",
    "2110",
    "2110",
    "2211",
    "2231",
    "2613",
    "2651",
    "2662",
    "2710",
    "2720",
    "2822",
    "2822",
    "2825",
    "2921",
    "2921",
    "2926",
    "2927",
    "3021",
    "3021",
    "3024",
    "3051",
    "3120",
    "3252",
    "3311",
    "3412",
    "3562",
    "3670",
    "3825",
    "3825",
    "3841",
    "3871",
    "3874",
    "3972",
    "3975",
    "3976",
    "3982",
    "4220",
    "4412",
    "4511",
    "4620",
)
"""GB/T 4754-2017 classes of the city's six leading industries and some of division D (热电, 燃气, 水); repeated = heavier.

The city has no mining ([145]: “涵盖了除采矿业之外的2个门类”).
"""
