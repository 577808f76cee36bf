"""What a firm shows of itself: its attributes, and the facts that offers ask about.

A fact is three-valued: a value, or None where the firm has not said; "no" is a value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from matchmaker.matching.records import Band, FactValue
from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.codes import full_code, merge, unique
from matchmaker.vocabulary.codes import CodeList
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.ownership import WOMEN_BANDS, women_band
from matchmaker.vocabulary.ranges import code_for
from matchmaker.vocabulary.readiness import LEVELS

#: Workers are shown in these steps, which are those of the size laws.
STAFF_STEPS = (0, 1, 5, 10, 20, 50, 100, 200, 500, 1000)
#: Years in business are shown in these steps: when a firm began is its own to tell. A year given
#: exactly would do for nothing more, as those who ask mostly draw the line at 1, 3, 5 or 10.
AGE_STEPS = (0, 1, 3, 5, 10, 20, 50)
#: Owned mostly by women. The band begins at 51 per cent, the share that funders ask for: of a
#: firm in a band that began at half nobody could say whether it has it.
WOMEN_OWNED = frozenset({"half", "all"})
#: Per cent of sales exported, in steps that others see.
EXPORT_STEPS = (0, 1, 25, 50, 75, 101)


def firm_attrs(
    firm: Organisation, need_attributes: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {
        "sector": [f"isic4:{firm.sector}"] if firm.sector else [],
        "place": _places(firm),
        "stage": [f"stage:{firm.stage}"] if firm.stage else [],
        "size": [f"size:{firm.size_class}"] if firm.size_class else [],
        "legal_form": [f"legal:{firm.legal_form}"] if firm.legal_form else [],
        "language": [f"language:{code}" for code in firm.languages],
        "ownership": ownership(firm),
        "impact": list(firm.impact),
    }
    merge(found, need_attributes)
    merge(found, firm.attributes)
    return {facet: unique(codes) for facet, codes in found.items() if codes}


def firm_facts(firm: Organisation, today: date) -> dict[str, FactValue]:
    attrs = firm_attrs(firm, {})
    places = attrs.get("place", ())
    countries = tuple(code for code in places if code.startswith("iso3166-1:"))
    facts: dict[str, FactValue] = {
        "country": countries or None,
        "province": tuple(code for code in places if code not in countries) or None,
        "sector": attrs.get("sector"),
        "size": attrs.get("size"),
        "stage": attrs.get("stage"),
        "legal_form": attrs.get("legal_form"),
        "language": attrs.get("language"),
        "ownership": ownership_fact(firm),
        "impact": attrs.get("impact"),
        "certificate": tuple(f"certificate:{code}" for code in firm.certificates) or None,
        "age_years": age_band(firm.founded_year, today),
        "staff": staff_band(firm.staff),
        "women_share": range_band(firm.women_share, WOMEN_BANDS),
        "export": firm.exports,
        "export_share": step_band(firm.export_share, EXPORT_STEPS),
        "readiness": range_band(firm.readiness, LEVELS),
    }
    facts.update({row.fact.removeprefix("evidence:"): row.value for row in firm.facts})
    return facts


def firm_evidence(firm: Organisation) -> tuple[frozenset[str] | None, frozenset[str]]:
    """What it says it can show (None when it was never asked), and which of it was checked."""
    said = [row for row in firm.facts if row.fact.removeprefix("evidence:") in EVIDENCE]
    has = {f"evidence:{row.fact.removeprefix('evidence:')}": row for row in said if row.value}
    verified = frozenset(code for code, row in has.items() if row.checked_on is not None)
    return (frozenset(has) if said else None), verified


def age_band(founded_year: int | None, today: date) -> Band | None:
    return None if founded_year is None else step_band(max(today.year - founded_year, 0), AGE_STEPS)


def staff_band(staff: int | None) -> Band | None:
    return step_band(staff, STAFF_STEPS)


def step_band(value: int | None, steps: Sequence[int]) -> Band | None:
    """The step a number falls in; the last step has no end."""
    if value is None or value < 0:
        return None
    at = bisect_right(steps, value)
    return Band(steps[at - 1], steps[at] if at < len(steps) else None)


def range_band(value: int | None, codes: CodeList) -> Band | None:
    """The range of the code that stands for a number."""
    code = codes.get(code_for(codes, value)) if value is not None and value >= 0 else None
    if code is None:
        return None
    return Band(float(code.extra["at_least"]), float(code.extra["at_most"]) + 1)


def _places(firm: Organisation) -> list[str]:
    found = [f"iso3166-1:{firm.country}"] if firm.country else []
    return [full_code(f"iso3166-2:{firm.province}"), *found] if firm.province else found


def ownership(firm: Organisation) -> list[str]:
    found = [f"ownership:{code}" for code in firm.ownership]
    share = firm.women_share
    if share is not None and 0 <= share <= 100 and women_band(share) in WOMEN_OWNED:
        found.append("ownership:women_owned")
    if firm.women_decide:
        found.append("ownership:women_led")
    return found


def ownership_fact(firm: Organisation) -> tuple[str, ...] | None:
    """Known only when the questions were answered: half an answer must not hide a pair."""
    if not firm.ownership and (firm.women_share is None or firm.women_decide is None):
        return None
    return unique([*ownership(firm), "ownership:asked"])
