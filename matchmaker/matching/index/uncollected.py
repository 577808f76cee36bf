"""A stretch of work whose objects are not looked through for cycles again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of cycles from running, in all threads; what is counted out still goes.

    Encoding makes millions of objects that stay and thirty cycles: looking for them took a
    fifteenth of a build of 100,000 records.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
