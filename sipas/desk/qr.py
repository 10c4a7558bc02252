"""The picture of a code."""

import qrcode
from qrcode.constants import ERROR_CORRECT_H
from qrcode.image.svg import SvgPathFillImage

QUIET_ZONE = 4


def matrix(address: str) -> qrcode.QRCode[SvgPathFillImage]:
    code = qrcode.QRCode(
        # A lamp's reflection washes out a tenth of a poster: only level H survives it.
        error_correction=ERROR_CORRECT_H,
        border=QUIET_ZONE,
        # One path on white: readable on a page of any colour.
        image_factory=SvgPathFillImage,
    )
    # No splitting into chunks: capitals and digits together stay in the compact alphabet.
    code.add_data(address, optimize=0)
    code.make(fit=True)
    return code


def svg(address: str) -> bytes:
    return matrix(address).make_image().to_string()
