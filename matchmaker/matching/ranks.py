"""The rank of each of many keys among the different ones, without sorting them."""

from __future__ import annotations

import numpy as np

#: Beginnings of keys, of 63 bits, that are told apart at once.
_BITS = 20
_SHIFT = 63 - _BITS
#: Fewer keys are sorted, and so many are looked at in one go: they stay in the caches.
_FEW = 1 << 16


def ranked(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different keys, rising, and the place of each key among them, whole numbers.

    ``keys``: int64 from 0 on, (n,). Keys are hashes, so that by far most are alone with their first
    bits; only those that are not are sorted or sought. Any others take longer.
    """
    if len(keys) < _FEW:
        different, places = np.unique(keys, return_inverse=True)
        return different, places
    last = np.full(1 << _BITS, -1, np.int64)
    parts = [keys[at : at + _FEW] for at in range(0, len(keys), _FEW)]
    for part in parts:
        last[part >> _SHIFT] = part
    others = [part[last[part >> _SHIFT] != part] for part in parts]
    different = np.unique(np.concatenate([last[last >= 0], *others]))
    # Of keys that begin alike any may stand here; whoever finds another's place bisects.
    place = np.zeros(1 << _BITS, np.int32)
    place[different >> _SHIFT] = np.arange(len(different), dtype=np.int32)
    places = np.empty(len(keys), np.int32)
    for at, part in enumerate(parts):
        found = place[part >> _SHIFT]
        wrong = np.flatnonzero(different[found] != part)
        found[wrong] = np.searchsorted(different, part[wrong])
        places[at * _FEW : at * _FEW + len(part)] = found
    return different, places
