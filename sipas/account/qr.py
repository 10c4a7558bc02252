"""The picture by which an app takes the secret of a second factor."""

import pyotp
import qrcode
from qrcode.image.svg import SvgPathImage


def svg(secret: str, *, name: str, issuer: str) -> str:
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    picture = qrcode.make(address, image_factory=SvgPathImage, border=4)
    return picture.to_string(encoding="unicode")
