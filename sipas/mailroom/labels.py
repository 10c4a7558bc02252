"""Words for what became of a letter."""

from sipas.i18n import lazy_gettext as _l
from sipas.mailroom.rules import NoticeState, Setback

STATES = {
    NoticeState.WAITING: _l("Đang chờ gửi"),
    NoticeState.SENT: _l("Đã gửi"),
    NoticeState.GIVEN_UP: _l("Không gửi được"),
}

SETBACKS = {
    Setback.REFUSED: _l("Máy chủ thư từ chối thư này."),
    Setback.DEFERRED: _l("Máy chủ thư yêu cầu gửi lại sau."),
    Setback.UNREACHABLE: _l("Chưa kết nối được với máy chủ thư."),
}
