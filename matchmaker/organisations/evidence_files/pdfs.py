"""PDFs are walked through whole, refused if they can do anything, and written anew."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError

MOST_PAGES = 300
#: Each costs some twenty microseconds; accounts of a hundred pages have a tenth of these.
MOST_OBJECTS = 60_000
#: Keys that only something active or something enclosed has.
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
#: Actions; going to a page and opening an address of `_SCHEMES` are left.
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
#: Of links that stay: what others open are files and scripts on the reader's own machine.
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


def rewrite(data: bytes) -> bytes:
    """Its pages alone: what stands around them, and what earlier versions held, stays behind."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise UnfitFileError(Problem.ENCRYPTED)
        _clean(reader)
        return _written(reader)
    except UnfitFileError:
        raise
    # The reader fails in as many ways as files are broken, too deep a nesting among them.
    except Exception as error:
        raise UnfitFileError(Problem.BROKEN) from error


def _clean(reader: PdfReader) -> None:
    """Look at every object that can be reached, those in compressed streams too."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    looked = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            at = (item.idnum, item.generation)
            if at in seen:
                continue
            seen.add(at)
            item = item.get_object()
        looked += 1
        if looked > MOST_OBJECTS:
            raise UnfitFileError(Problem.TOO_MANY_PAGES)
        waiting.extend(part for part in _parts(item) if _holds_parts(part))


def _parts(item: Any) -> Iterable[Any]:
    if isinstance(item, DictionaryObject):
        _refuse_if_active(item)
        if _leads_astray(item):
            # An action without a kind does nothing; the words of the link stay on the page.
            item.clear()
        return dict.values(item)
    return list.__iter__(item) if isinstance(item, ArrayObject) else ()


def _holds_parts(part: Any) -> bool:
    return isinstance(part, IndirectObject | DictionaryObject | ArrayObject)


def _refuse_if_active(item: DictionaryObject) -> None:
    if not _KEYS.isdisjoint(item):
        raise UnfitFileError(Problem.ACTIVE)
    if _name(item, "/S") in _ACTIONS or _name(item, "/Subtype") in _ANNOTATIONS:
        raise UnfitFileError(Problem.ACTIVE)


def _leads_astray(item: DictionaryObject) -> bool:
    address = _value(item, "/URI")
    if isinstance(address, bytes):
        address = address.decode("latin-1")
    # The catalogue has an entry of this name too, which holds no text.
    if not isinstance(address, str):
        return False
    # Readers skip blanks and control characters, wherever they stand.
    plain = "".join(one for one in address if one.isprintable() and one != " ").lower()
    return not plain.startswith(_SCHEMES)


def _name(item: DictionaryObject, key: str) -> str:
    value = _value(item, key)
    return str(value) if isinstance(value, NameObject) else ""


def _value(item: DictionaryObject, key: str) -> Any:
    """Also where it stands elsewhere in the file: readers go and look."""
    value = item.get(key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _written(reader: PdfReader) -> bytes:
    pages = len(reader.pages)
    if not pages:
        raise UnfitFileError(Problem.BROKEN)
    if pages > MOST_PAGES:
        raise UnfitFileError(Problem.TOO_MANY_PAGES)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    # Who wrote it, and with what.
    writer.metadata = None
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
