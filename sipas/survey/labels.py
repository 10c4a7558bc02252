"""The words for the levels over figures of many versions, and for figures that stay closed."""

from sipas.i18n import lazy_gettext as _l
from sipas.survey.rules import Cell

LEVELS = {
    5: _l("Rất hài lòng"),
    4: _l("Hài lòng"),
    3: _l("Bình thường"),
    2: _l("Không hài lòng"),
    1: _l("Rất không hài lòng"),
}

CLOSED = {
    Cell.NOBODY: "—",
    Cell.FEW: _l("dưới 5 phiếu"),
    Cell.KEPT: _l("được giữ kín"),
}
