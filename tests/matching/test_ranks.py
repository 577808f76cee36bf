"""Keys are ranked as sorting them would, however many begin alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching import ranks
from matchmaker.matching.codes import key
from matchmaker.matching.ranks import ranked

HASHED = st.integers(0, 500).map(lambda number: key("word", str(number)))
KEYS = HASHED | st.integers(0, 40) | st.integers(0, (1 << 63) - 1)


def alike(keys: list[int]) -> bool:
    given = np.array(keys, np.int64)
    different, places = ranked(given)
    return different.tolist() == sorted(set(keys)) and different[places].tolist() == keys


@pytest.mark.parametrize("few", [1, 7])
@given(keys=st.lists(KEYS, min_size=1, max_size=60))
def test_keys_are_ranked_as_sorted(few: int, keys: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranks, "_FEW", few)
        patch.setattr(ranks, "_BITS", 4)
        patch.setattr(ranks, "_SHIFT", 59)
        assert alike(keys)


@pytest.mark.parametrize("different", [30, 20_000])
def test_many_keys_are_ranked_as_sorted(different: int) -> None:
    hashed = [key("word", str(number)) for number in range(different)]
    at = np.random.default_rng(1).integers(0, different, ranks._FEW + 5000)
    assert alike(np.array(hashed, np.int64)[at].tolist())
