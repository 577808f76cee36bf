"""Who owns and leads: facts a firm may state, and bands for the share owned by women.

The bands are for showing and counting; thresholds of the 2X criteria vary by country and sector.
"""

from matchmaker.vocabulary.codes import CodeList
from matchmaker.vocabulary.ranges import code_for

OWNERSHIP = CodeList("ownership", "ownership")
WOMEN_BANDS = CodeList("women", "women_bands", ordered=True)


def women_band(percent: float) -> str:
    """Give the band of a share owned by women, in percent (0 to 100)."""
    if not 0 <= percent <= 100:
        raise ValueError(f"a share lies between 0 and 100 percent, not {percent}")
    if 0 < percent < 1:
        return "part"
    return code_for(WOMEN_BANDS, percent)
