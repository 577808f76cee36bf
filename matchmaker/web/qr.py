"""A QR code as SVG that stands in the page."""

from __future__ import annotations

import io
import re

import qrcode
import qrcode.image.svg

#: Light modules around it, without which cameras do not find it.
BORDER = 4


def picture(text: str, size: int) -> str:
    """So many pixels wide and high; a sheet may size it otherwise."""
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathFillImage, border=BORDER)
    with io.BytesIO() as file:
        image.save(file)
        found = file.getvalue().decode()
    svg = re.sub(r'(width|height)="[\d.]+mm"', rf'\1="{size}"', found, count=2)
    return svg[svg.index("<svg") :]
