"""The words for the steps of the first day."""

from sipas.first_day.rules import Step
from sipas.i18n import lazy_gettext as _l

STEPS = {
    Step.NAME: _l("Tên cơ quan, điện thoại"),
    Step.EMBLEM: _l("Biểu trưng"),
    Step.UNITS: _l("Các đơn vị"),
    Step.DESK: _l("Quầy đầu tiên"),
    Step.POSTER: _l("In tờ QR và chấm thử"),
}
