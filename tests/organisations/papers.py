"""Small files for tests: good ones, and ones that want to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

from flask import current_app
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from matchmaker.extensions import db
from matchmaker.organisations.evidence_files import cleaning, store
from matchmaker.organisations.models import EvidenceFile, Organisation, Product
from matchmaker.organisations.services import evidence_file
from matchmaker.organisations.services import product as products
from matchmaker.organisations.services.product_photo import Kept

SECRET = "Canary Road 17"


def pdf(writer: PdfWriter | None = None, pages: int = 1) -> bytes:
    writer = writer or PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def dictionary(**parts: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): part for name, part in parts.items()})


def pdf_with(action: DictionaryObject, where: str = "/OpenAction") -> bytes:
    writer = PdfWriter()
    writer.root_object[NameObject(where)] = action
    return pdf(writer)


def script() -> DictionaryObject:
    return dictionary(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))


def pdf_with_enclosed_file() -> bytes:
    writer = PdfWriter()
    enclosed = DecodedStreamObject()
    enclosed.set_data(b"MZ")
    spec = dictionary(Type=NameObject("/Filespec"), EF=dictionary(F=writer._add_object(enclosed)))
    names = ArrayObject([TextStringObject("run.exe"), spec])
    writer.root_object[NameObject("/Names")] = dictionary(EmbeddedFiles=dictionary(Names=names))
    return pdf(writer)


def pdf_with_script_on_a_page() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(72, 72)
    button = dictionary(
        Type=NameObject("/Annot"), Subtype=NameObject("/Widget"), A=writer._add_object(script())
    )
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(button)])
    return pdf(writer)


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.encrypt("secret", algorithm="RC4-128")
    return pdf(writer)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **more)
    return target.getvalue()


def photo_that_knows_where() -> bytes:
    """Taken on its side, with the place in its notes."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, SECRET
    return picture(exif=notes, comment=SECRET.encode())


def png_of(width: int, height: int) -> bytes:
    """Some bytes that claim to be a picture of any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_of(data: bytes) -> str:
    """Whatever stands in it, as a search through it would find it."""
    found = data.decode("latin-1")
    if data.startswith(b"%PDF"):
        found += str(PdfReader(io.BytesIO(data)).metadata)
    return found


def cleaned(data: bytes) -> cleaning.Cleaned:
    return cleaning.clean(io.BytesIO(data))


def together(*data: bytes) -> cleaning.Cleaned:
    return cleaning.clean_all([io.BytesIO(one) for one in data])


def keep(
    organisation: Organisation, by: int, fact: str = "registration", content: bytes | None = None
) -> EvidenceFile:
    """As an upload leaves it."""
    content = content or picture("PNG")
    name = store.put(Path(current_app.config["DATA"]), content)
    kept = evidence_file.Kept(name, cleaning.PNG, len(content))
    row = evidence_file.keep_file(db.session(), organisation, by, fact, kept)
    db.session.commit()
    return row


def photo(content: bytes = b"") -> Kept:
    """A small picture in the folder of showrooms, in both sizes."""
    content = content or picture("WEBP")
    data = Path(current_app.config["DATA"])
    small, large = (store.put(data, content, store.PHOTOS) for _size in range(2))
    return Kept(small, large, 60, 40)


def put_in_showroom(organisation: Organisation, by: int, **values: object) -> Product:
    """A product with one photo, as the form leaves it."""
    facts = {"name": "Paa biang", "lang": "en", "currency": "LAK", "price_min_minor": 150_000}
    photos = values.pop("photos", None) or [photo()]
    return products.add(db.session(), organisation, by, photos, **(facts | values))  # type: ignore[arg-type]
