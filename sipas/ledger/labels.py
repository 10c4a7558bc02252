"""Words for how a chain of events can be broken."""

from sipas.i18n import lazy_gettext as _l
from sipas.ledger.rules import BreakKind

BREAKS = {
    BreakKind.MISSING: _l("thiếu sự kiện này"),
    BreakKind.ALTERED: _l("nội dung đã bị sửa"),
    BreakKind.UNLINKED: _l("không nối với sự kiện trước"),
    BreakKind.CUT: _l("chuỗi bị cắt từ đây"),
    BreakKind.REPLACED: _l("sự kiện đã bị thay bằng sự kiện khác"),
}
