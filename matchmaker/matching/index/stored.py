"""Records as compressed lines in mapped memory, read one by one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matchmaker.matching.postings import narrow
from matchmaker.matching.record_json import dumps, loads
from matchmaker.matching.records import Record

#: Records of a part kept as objects: the offers that are on most pages, about 8 MB.
_KEPT = 4096
#: Bytes of sample lines that all others are compressed against, as many as zlib looks back, and
#: from how many records.
_SAMPLE_BYTES, _SAMPLE = 1 << 15, 128
#: Without a head and a sum of its own, seven bytes a line: the file has a digest.
_RAW = -zlib.MAX_WBITS
#: A line is no longer than this, whatever a planted snapshot says.
_LONGEST = 1 << 22


@dataclass(frozen=True)
class Lines:
    """A JSON line a record, each compressed alone against a sample of lines."""

    #: All compressed lines, and the sample, uint8; where each line starts, unsigned (n + 1,).
    told: np.ndarray
    sample: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, records: Sequence[Record]) -> Lines:
        """Return the lines of records, in their order."""
        chosen = range(0, len(records), max(len(records) // _SAMPLE, 1))
        sample = b"".join(dumps(records[at]).encode() for at in chosen)[:_SAMPLE_BYTES]
        # Copied, because taking in the sample takes longer than a line.
        writer = zlib.compressobj(wbits=_RAW, zdict=sample)
        lines = (dumps(record).encode() for record in records)
        return cls._joined([_pressed(line, writer.copy()) for line in lines], sample)

    @classmethod
    def _joined(cls, lines: Iterable[bytes], sample: bytes) -> Lines:
        listed = list(lines)
        return cls(
            np.frombuffer(b"".join(listed), np.uint8),
            np.frombuffer(sample, np.uint8),
            narrow(np.cumsum([0, *(len(line) for line in listed)])),
        )

    def read(self, at: int) -> bytes:
        """Return a line; ValueError if it is broken or longer than any record."""
        line = self.told[int(self.starts[at]) : int(self.starts[at + 1])].tobytes()
        reader = zlib.decompressobj(_RAW, zdict=self.sample.tobytes())
        try:
            found = reader.decompress(line, _LONGEST)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if not reader.eof:
            raise ValueError("a record is longer than any")
        return found


def _pressed(line: bytes, writer: zlib._Compress) -> bytes:
    return writer.compress(line) + writer.flush()


class StoredRecords:
    """Records read one by one from lines; those asked for lately are kept."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, at: int) -> Record:
        return self._kept(at)

    def _read(self, at: int) -> Record:
        return loads(self._lines.read(at))
