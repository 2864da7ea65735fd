"""Identifiers of the simulated city, checked by python-stdnum rather than by our own arithmetic."""

import re

import pytest
from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from shared.kernel.period import Period
from shared.simulation.city import SimulatedCity
from shared.simulation.firm_rows import Row
from shared.simulation.identifiers import old_project_code, project_code, uscc

NEW_FORM = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
OLD_FORM = re.compile(r"20\d{2}-\d{6}-\d{2}-\d{2}-\d{6}")


def last_report(city: SimulatedCity) -> list[Row]:
    return list(city.projects(Period.parse("2024-12")))


def test_every_uscc_is_valid_and_of_the_firms_region(city: SimulatedCity) -> None:
    for firm in city.firms:
        assert stdnum_uscc.is_valid(firm.uscc), firm.uscc
        assert firm.uscc[2:6] == "3213"
        assert firm.uscc[8:10] == "MX"


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_serial_number_outside_the_range_is_refused(serial: int) -> None:
    with pytest.raises(ValueError, match="serial number"):
        uscc("321322", serial)


def test_new_project_codes_have_24_characters_and_a_correct_check_digit(city: SimulatedCity) -> None:
    codes = [str(row["code"]) for row in last_report(city) if len(str(row["code"])) == 24 and row["code"][:2] != "20"]  # type: ignore[index]
    assert len(codes) > 500
    for code in codes:
        assert NEW_FORM.fullmatch(code)
        assert mod_11_10.is_valid(code.replace("-", ""))


def test_some_projects_carry_a_code_of_the_old_form(city: SimulatedCity) -> None:
    old = [row for row in last_report(city) if OLD_FORM.fullmatch(str(row["code"]))]
    assert len(old) > 10
    assert all("2018" <= str(row["filed_on"])[:4] <= "2020" for row in old)


def test_real_project_code_is_reproduced() -> None:
    assert project_code("2409", "320656", "02", 55755) == "2409-320656-89-02-557559"


def test_old_form_is_written_as_before_2020() -> None:
    assert old_project_code(2020, "321300", "41", 500_000) == "2020-321300-41-03-500000"


def test_owner_of_every_project_is_a_firm_of_its_area(city: SimulatedCity) -> None:
    place_of = {firm.uscc: firm.place for firm in city.firms}
    assert all(place_of[project.owner_uscc] == project.place for project in city.investments)
