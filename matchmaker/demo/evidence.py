"""What firms of the demo can show: papers, business numbers, and who checked them."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from matchmaker.demo import draw
from matchmaker.demo.parties import Party, Scene
from matchmaker.organisations.models import BusinessId, OrganisationFact

#: Fact -> (share of very small firms that say yes, share of the others).
PAPERS = {
    "registration": (0.7, 0.97),
    "tax_id": (0.5, 0.93),
    "tax_filed": (0.3, 0.8),
    "accounts_1y": (0.25, 0.75),
    "accounts_2y": (0.1, 0.5),
    "bank_statements": (0.4, 0.8),
    "business_account": (0.35, 0.8),
    "sales_records": (0.45, 0.7),
    "business_plan": (0.25, 0.5),
    "certified_training": (0.25, 0.3),
    "collateral_land": (0.45, 0.55),
    "guarantor": (0.5, 0.4),
    "own_contribution": (0.5, 0.7),
    "no_bad_debt": (0.85, 0.9),
    "contracts": (0.15, 0.4),
    "quality_certificate": (0.06, 0.25),
    "esg_policy": (0.02, 0.15),
    "member": (0.25, 0.4),
}
CHECKERS = ("SME service centre", "Provincial trade office", "Chamber of commerce")


def state_evidence(scene: Scene, firm: Party, silent: float = 0.25) -> None:
    """That share of the questions stays unanswered: not known is not no."""
    rng = scene.rng
    large = firm.row["size_class"] not in ("micro", "")
    stated_at = firm.row["published_at"] or firm.row["created_at"]
    for fact, shares in PAPERS.items():
        if draw.chance(rng, silent):
            continue
        value = draw.chance(rng, shares[large])
        checked = value and draw.chance(rng, 0.15)
        scene.sheet.add(
            OrganisationFact,
            organisation_id=firm.id,
            fact=fact,
            value=value,
            stated_at=stated_at,
            checked_on=(stated_at + timedelta(days=3)).date() if checked else None,
            checked_by=rng.choice(CHECKERS) if checked else "",
        )
    if draw.chance(rng, 0.75):
        _number(scene, firm)


def _number(scene: Scene, firm: Party) -> None:
    scheme, number = business_number(scene, firm.country)
    checked = draw.chance(scene.rng, 0.3)
    on = firm.row["published_at"] or firm.row["created_at"]
    scene.sheet.add(
        BusinessId,
        organisation_id=firm.id,
        scheme=scheme,
        number=number,
        number_key=number.replace("-", ""),
        checked_on=on.date() if checked else None,
        checked_by=scene.rng.choice(CHECKERS) if checked else "",
    )


def business_number(scene: Scene, country: str) -> tuple[str, str]:
    """A number of the right shape; check digits are right where the country has them."""
    digits = f"{scene.rng.randrange(10**8):08d}"
    if country == "TH":
        body = f"0999{digits}"
        return "TH-MOA", body + import_module("stdnum.th.moa").calc_check_digit(body)
    if country == "VN":
        calculate = import_module("stdnum.vn.mst").calc_check_digit
        bodies = (f"99{(int(digits[:7]) + step) % 10**7:07d}" for step in range(11))
        # One number in eleven would need a check digit of ten, so it is not given out.
        body = next(body for body in bodies if len(calculate(body)) == 1)
        return "VN-MST", body + calculate(body)
    if country == "CN":
        body = f"92990000{digits}X"
        return "CN-USCC", body + import_module("stdnum.cn.uscc").calc_check_digit(body)
    if country == "MM":
        return "MM-REG", f"9{digits}"
    return ("LA-ERC", f"99-{digits}") if country == "LA" else ("KH-REG", f"99{digits}")
