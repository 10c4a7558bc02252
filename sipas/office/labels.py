"""The words for what the ledger tells: one sentence for each kind of event."""

from sipas.i18n import lazy_gettext as _l
from sipas.ledger.rules import ActorKind

ACTORS = {
    ActorKind.STAFF: _l("Cán bộ"),
    ActorKind.CITIZEN: _l("Người dân"),
    ActorKind.SYSTEM: _l("Hệ thống"),
    ActorKind.COMMAND: _l("Lệnh trên máy chủ"),
}

EVENTS = {
    "office.named": _l("Đặt tên cơ quan"),
    "office.emblem_set": _l("Đổi biểu trưng"),
    "office.set_up": _l("Xong ngày đầu tiên"),
    "unit.added": _l("Thêm đơn vị"),
}
