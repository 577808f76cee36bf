"""Small markets drawn by hypothesis, and plain ones made by hand."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from matchmaker.matching.records import (
    Activity,
    Band,
    Criterion,
    NeedRecord,
    OfferRecord,
    Taken,
)
from matchmaker.vocabulary.bands import BANDS

WORDS = ["rice", "mill", "coffee", "loan", "export", "shop", "ເງິນກູ້", "米", "cà", "phê", "🌾"]
SECTORS = ("isic4:1061", "isic4:106", "isic4:10", "isic4:C", "isic4:0112", "isic4:6201")
PLACES = ("iso3166-2:LA-VT", "iso3166-2:LA-LP", "iso3166-1:LA", "iso3166-2:KH-12", "zip:05602")
STAGES = ("stage:startup", "stage:early", "stage:growth", "stage:mature")
SIZES = ("size:micro", "size:small", "size:medium", "size:large")
AIMS = ("sdg:8", "sdg:5", "2x:ownership")
EVIDENCE = ("evidence:accounts_1y", "evidence:business_plan", "evidence:tax_id")
CODES = {
    "finance": ("instrument:TERM_LOAN", "instrument:LEASE", "instrument:EQUITY"),
    "service": ("service:ERP", "service:CRM", "service:ACCOUNTING"),
}
LANGS = ("en", "lo", "vi")

some = st.sampled_from


def codes(of: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(some(of), unique=True, min_size=least, max_size=3).map(tuple)


bands = some(BANDS).map(lambda band: Band(band.low, band.high))
texts = st.lists(some(WORDS), max_size=8).map(" ".join)
attrs = st.fixed_dictionaries(
    {},
    optional={
        "sector": codes(SECTORS),
        "place": codes(PLACES),
        "stage": codes(STAGES),
        "size": codes(SIZES),
        "language": codes(("language:lo", "language:en")),
        "impact": codes(AIMS),
    },
)
activities = st.none().map(lambda _: Activity()) | st.lists(
    st.integers(0, 900), min_size=1, max_size=9
).map(Activity.of_ages)
criteria = st.builds(
    lambda rule, must, source: Criterion(*rule, must=must, source=source),
    some(
        [
            ("age_years", "at_least", (3,)),
            ("age_years", "between", (1, 5)),
            ("amount_usd", "at_most", (50_000,)),
            ("amount_usd", "between", (1_500, 20_000)),
            ("sector", "one_of", ("isic4:10",)),
            ("sector", "none_of", ("isic4:1061",)),
            ("province", "one_of", ("iso3166-2:LA-LP",)),
            ("country", "one_of", ("iso3166-1:LA",)),
            ("size", "at_least", ("size:small",)),
            ("accounts_1y", "has", ()),
            ("export", "has", ()),
        ]
    ),
    st.booleans(),
    some(["declared", "declared", "history"]),
)


@st.composite
def needs(draw: st.DrawFn, kind: str | None = None, number: int | None = None) -> NeedRecord:
    kind = kind or draw(some(["finance", "service"]))
    number = draw(st.integers(0, 500)) if number is None else number
    return NeedRecord(
        id=number,
        organisation_id=number % 5,
        kind=kind,
        code=draw(st.none() | some(CODES[kind])),
        purpose=draw(st.none() | some(["purpose:EQUIPMENT", "purpose:STOCK"])),
        amount=draw(st.none() | bands),
        attrs=draw(attrs),
        facts=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "age_years": st.none() | st.integers(0, 8),
                    "export": st.none() | st.booleans(),
                    "sector": st.none() | st.just(("isic4:1061",)),
                    "size": st.none() | st.just("size:micro"),
                },
            )
        ),
        text=draw(texts),
        lang=draw(some(LANGS)),
        evidence=draw(st.none() | st.frozensets(some(EVIDENCE))),
        activity=draw(activities),
    )


@st.composite
def offers(draw: st.DrawFn, kind: str | None = None, number: int | None = None) -> OfferRecord:
    kind = kind or draw(some(["finance", "service"]))
    number = draw(st.integers(0, 500)) if number is None else number
    past = draw(st.integers(0, 20))
    return OfferRecord(
        id=number,
        organisation_id=3 + number % 5,
        kind=kind,
        codes=draw(codes(CODES[kind])),
        range=draw(st.none() | bands),
        price=draw(st.none() | bands),
        purposes=draw(codes(("purpose:EQUIPMENT", "purpose:STOCK"))),
        attrs=draw(attrs),
        criteria=tuple(draw(st.lists(criteria, max_size=4))),
        text=draw(texts),
        lang=draw(some(LANGS)),
        evidence=draw(st.frozensets(some(EVIDENCE))),
        activity=draw(activities),
        deploying=draw(some([True, True, True, False])),
        taken=Taken({"sector": {"isic4:10": past / 2, "isic4:C": float(past)}}, float(past), None)
        if past
        else Taken(),
    )


@st.composite
def markets(draw: st.DrawFn, most: int = 8) -> tuple[list[NeedRecord], list[OfferRecord]]:
    """Needs and offers with ids of their own, either side may be empty."""
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    return [draw(needs(number=at)) for at in range(n)], [draw(offers(number=at)) for at in range(m)]


def mill(**changed: object) -> NeedRecord:
    """A rice mill in Luang Prabang that looks for a loan."""
    values: dict[str, object] = {
        "id": 1,
        "organisation_id": 1,
        "kind": "finance",
        "code": "instrument:TERM_LOAN",
        "purpose": "purpose:EQUIPMENT",
        "amount": Band(20_000, 50_000),
        "attrs": {
            "sector": ("isic4:1061",),
            "place": ("iso3166-2:LA-LP",),
            "stage": ("stage:growth",),
            "size": ("size:small",),
            "language": ("language:lo",),
        },
        "facts": {"age_years": 4},
        "text": "A rice mill looks for a loan to buy a dryer",
        "evidence": frozenset({"evidence:accounts_1y"}),
        "last_active": date(2026, 11, 1),
        "activity": Activity.of_ages([3]),
    }
    return NeedRecord(**(values | changed))  # type: ignore[arg-type]


def lender(**changed: object) -> OfferRecord:
    """A bank that lends to food processors in Laos."""
    values: dict[str, object] = {
        "id": 1,
        "organisation_id": 2,
        "kind": "finance",
        "codes": ("instrument:TERM_LOAN",),
        "range": Band(10_000, 200_000),
        "purposes": ("purpose:EQUIPMENT",),
        "attrs": {
            "sector": ("isic4:10",),
            "place": ("iso3166-1:LA",),
            "stage": ("stage:growth", "stage:mature"),
            "size": ("size:small",),
            "language": ("language:lo", "language:en"),
        },
        "criteria": (Criterion("age_years", "at_least", (3,), must=True),),
        "text": "Loans for machines of rice mills and food processors",
        "evidence": frozenset({"evidence:accounts_1y"}),
        "activity": Activity.of_ages([5, 20, 100]),
    }
    return OfferRecord(**(values | changed))  # type: ignore[arg-type]
