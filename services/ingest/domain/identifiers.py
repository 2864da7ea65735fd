"""Identifiers of firms and projects: a wrong form is an error, a wrong check digit only a doubt.

Legal codes that fail the check digit exist (the pilot of 2015 issued some), so they are taken with a warning.
"""

import re

from services.ingest.domain.errors import CellError, Flaw

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_USCC_FLAW = Flaw(
    "uscc.form",
    "统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z），第3至8位为数字。",
    "A unified social credit code has 18 digits or capital letters (no I, O, S, V, Z); characters 3 to 8 are digits.",
)
_USCC_DOUBT = Flaw(
    "uscc.check_digit",
    "统一社会信用代码的校验码不符，请核对；如确系登记机关所发，可不改。",
    "The check digit of the unified social credit code does not match; leave it if the authority issued it so.",
)
_NEW_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}", re.ASCII)
_OLD_CODE = re.compile(r"20(?:1[4-9]|20)-\d{6}-\d{2}-\d{2}-\d{6}(?:-\d{3})?", re.ASCII)
_CODE_FLAW = Flaw(
    "project_code.form",
    "项目代码应为“2409-321302-89-02-557559”形式，或2020年以前的“2018-321302-33-03-067534”形式。",
    "A project code looks like 2409-321302-89-02-557559, or until 2020 like 2018-321302-33-03-067534.",
)
_CODE_DOUBT = Flaw(
    "project_code.check_digit",
    "项目代码的校验码不符，请核对。",
    "The check digit of the project code does not match.",
)
_OLD_YEARS = range(2014, 2021)


def parse_uscc(text: str) -> str:
    """Return the code in capitals; raise CellError when its form is wrong."""
    code = text.upper()
    if _USCC_FORM.fullmatch(code) is None:
        raise CellError(_USCC_FLAW)
    return code


def doubt_uscc(code: str) -> Flaw | None:
    """Return a flaw when the last character is not the check digit (GB 32100-2015, MOD 31)."""
    total = 0
    for character, weight in zip(code, _USCC_WEIGHTS, strict=True):
        total += _USCC_VALUES[character] * weight
    return _USCC_DOUBT if total % 31 else None


def parse_project_code(text: str) -> str:
    """Return the code; raise CellError when it has neither the new nor the old form."""
    is_new = _NEW_CODE.fullmatch(text) is not None and 1 <= int(text[2:4]) <= 12
    if not is_new and _OLD_CODE.fullmatch(text) is None:
        raise CellError(_CODE_FLAW)
    return text


def doubt_project_code(code: str) -> Flaw | None:
    """Return a flaw when a new code's last digit is not its check digit (ISO 7064 MOD 11,10).

    Codes of 2014–2020 carry no check digit; their first part is the year, which no new code's YYMM can be.
    """
    if int(code[:4]) in _OLD_YEARS:
        return None
    digits = code.replace("-", "")
    return None if digits[-1] == mod_11_10(digits[:-1]) else _CODE_DOUBT


def mod_11_10(digits: str) -> str:
    """Return the check digit of ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
