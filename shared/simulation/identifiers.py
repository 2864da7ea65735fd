"""Well-formed identifiers for simulated firms and projects, with correct check characters.

The organisation part of every simulated uscc is `MX` and a six-digit serial number, so that nobody takes it for
a real firm: issued codes of this range do not exist today.
"""

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(3**place % 31 for place in range(17))
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
MAX_SERIAL = 999_999


def uscc(region: str, serial: int) -> str:
    """Return the 统一社会信用代码 (GB 32100-2015) of a simulated enterprise (91) registered in the region."""
    if not 0 < serial <= MAX_SERIAL:
        raise ValueError(f"a simulated firm's serial number lies in 1–{MAX_SERIAL}: {serial}")
    organisation = f"MX{serial:06d}"
    body = f"91{region}{organisation}{_organisation_check(organisation)}"
    total = sum(_USCC_VALUE[character] * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[-total % 31]


def _organisation_check(body: str) -> str:
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    value = -total % 11
    return "X" if value == 10 else str(value)


def project_code(filed: str, region: str, kind: str, serial: int) -> str:
    """Return a 24-character project code (GB/T 40058-2021); `filed` is YYMM, `kind` the two-digit type."""
    digits = f"{filed}{region}89{kind}{serial:05d}"
    return f"{filed}-{region}-89-{kind}-{serial:05d}{_mod_11_10(digits)}"


def old_project_code(year: int, region: str, division: str, serial: int) -> str:
    """Return a project code of the form used from 2017 to 2020, which has no check digit."""
    return f"{year}-{region}-{division}-03-{serial:06d}"


def _mod_11_10(digits: str) -> str:
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
