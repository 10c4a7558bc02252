"""Takes the pictures in docs/images from the running product with its demonstration office."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import select

from bench import servers
from sipas.database import Database
from sipas.door.models import Account
from sipas.seed import PASSWORD

IMAGES = Path(__file__).parent / "images"
SCREENS: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 800},
    "360": {"width": 360, "height": 740},
}
WHO = "vanphong"


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with servers.office(folder) as office, chromium() as browser:
            base = f"http://127.0.0.1:{office.port}"
            for size, screen in SCREENS.items():
                citizen(browser, base, size, screen)
            staff(browser, base, code(folder))


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        sys.exit("There is no chromium on this machine. Run `make setup-test`, or install it.")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def citizen(browser: Browser, base: str, size: str, screen: ViewportSize) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=screen).new_page()
    page.goto(base)
    shoot(page, f"first-page-{size}")
    page.goto(base + desk_address(page))
    shoot(page, f"rating-{size}")
    page.get_by_role("button", name="Hài lòng", exact=True).click()
    shoot(page, f"thanks-{size}")


def staff(browser: Browser, base: str, totp: str) -> None:
    """One sign-in for all sizes: a one-time code opens one session."""
    page = browser.new_context(locale="vi-VN").new_page()
    shoot_all(page, "sign-in", f"{base}/noi-bo/dang-nhap")
    sign_in(page, totp)
    for name, address in (
        ("back-office", "/noi-bo/"),
        ("wizard", "/noi-bo/bat-dau/co-quan"),
        ("desks", "/noi-bo/quay/"),
        ("calendar", "/noi-bo/lich"),
        ("counts", "/noi-bo/khao-sat/"),
    ):
        shoot_all(page, name, base + address)


def shoot_all(page: Page, name: str, address: str) -> None:
    for size, screen in SCREENS.items():
        page.set_viewport_size(screen)
        page.goto(address)
        shoot(page, f"{name}-{size}")


def sign_in(page: Page, totp: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(WHO)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label(re.compile("Mã xác thực")).fill(totp)
    page.get_by_role("button", name="Tiếp tục").click()


def desk_address(page: Page) -> str:
    return str(page.locator("a[href^='/k/']").first.get_attribute("href"))


def code(folder: Path) -> str:
    """The person's code of this half minute."""
    database = Database(f"sqlite:///{folder / 'sipas.db'}")
    with database.reading() as db:
        secret = db.scalars(select(Account.totp_secret).where(Account.name == WHO)).one()
    database.close()
    return pyotp.TOTP(str(secret)).now()


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")


main()
