"""Lint of who speaks for figures: whoever the catalogue and the plans name is ranked (`data/authorities.csv`)."""

from collections.abc import Iterable, Iterator

from shared.plans.catalogue import IndicatorFile
from shared.plans.findings import LintFinding
from shared.plans.loader import Parsed
from shared.plans.schema import Head
from shared.plans.spot import Spot
from shared.reference.authorities import Authorities


def lint_authorities(
    files: Iterable[Parsed[IndicatorFile]], heads: Iterable[Parsed[Head]], known: Authorities
) -> Iterator[LintFinding]:
    """Find authorities of figures, and issuers of plans (they speak for the figures a plan states), that nobody ranked."""
    for file in files:
        for index, indicator in enumerate(file.model.indicators):
            if indicator.reported is not None:
                spot = Spot(file.document, ("indicators", index, "reported", "authority"))
                yield from _lint_authority(indicator.reported.authority, spot, known)
    for head in heads:
        yield from _lint_authority(head.model.issuer, Spot(head.document, ("issuer",)), known)


def _lint_authority(name: str, spot: Spot, known: Authorities) -> Iterator[LintFinding]:
    if known.find(name) is None:
        yield spot.find(
            "authority.unranked",
            f"“{name}”未列入 data/authorities.csv，各来源不一致时排在最后：在该文件中加一行",
            f"{name!r} is not ranked in data/authorities.csv and comes last where sources differ: add a line there",
            severity="warning",
        )
