"""The picture of a code, read back from what a browser draws."""

import io

import pytest
import zxingcpp
from PIL import Image

from sipas.desk import qr
from sipas.desk.rules import short_address

ADDRESS = short_address("https://hl.anbinh.gov.vn", "302711")


@pytest.fixture
def chromium_page(chromium):
    page = chromium.new_page(viewport={"width": 400, "height": 400})
    yield page
    page.close()


def drawn(page, svg):
    page.set_content(f"<body style='background: black'>{svg.decode()}</body>")
    return Image.open(io.BytesIO(page.locator("svg").screenshot()))


def test_the_drawn_code_is_read_back_even_on_a_dark_page(chromium_page):
    found = zxingcpp.read_barcode(drawn(chromium_page, qr.svg(ADDRESS)))

    assert (found.text, found.ec_level) == (ADDRESS, "H")


def test_an_address_of_35_letters_still_takes_29_modules():
    longest = "HTTPS://".ljust(35, "A")

    assert (qr.matrix(ADDRESS).version, qr.matrix(longest).version) == (3, 3)


def test_around_the_code_four_modules_stay_white():
    code = qr.matrix(ADDRESS)

    modules = code.get_matrix()

    assert len(modules) == code.modules_count + 2 * qr.QUIET_ZONE
    assert not any(any(row) for row in modules[: qr.QUIET_ZONE])
    assert not any(row[place] for row in modules for place in range(-qr.QUIET_ZONE, qr.QUIET_ZONE))


def test_the_picture_carries_no_style_and_no_script():
    svg = qr.svg(ADDRESS)

    assert (b"style" in svg, b"script" in svg) == (False, False)
