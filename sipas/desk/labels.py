"""The words for the state of a desk, and for the foot of its printed sheet."""

from datetime import date

from sipas.desk.models import Desk
from sipas.i18n import gettext as _


def desk_state(desk: Desk) -> str:
    if not desk.is_open:
        return _("Đã đóng")
    return _("Đang dùng") if desk.live_code else _("Chưa có mã")


def small_print(code: str, *, phone: str, day: date) -> str:
    """Always in Vietnamese, as the rest of the sheet is."""
    printed = f"Tờ {code} · in {day:%d/%m/%Y} · Nếu tờ này bị rách hoặc bị dán đè, "
    return printed + (f"xin báo {phone}" if phone else "xin báo cán bộ tại quầy")
