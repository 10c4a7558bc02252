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
    "account.added": _l("Cấp tài khoản"),
    "account.disabled": _l("Khóa tài khoản"),
    "account.enabled": _l("Mở lại tài khoản"),
    "calendar.day_removed": _l("Bỏ một ngày khỏi lịch"),
    "calendar.day_set": _l("Đặt một ngày trong lịch"),
    "calendar.hours_set": _l("Đặt giờ làm việc"),
    "calendar.reference_loaded": _l("Nạp lịch có sẵn"),
    "catalogue.imported": _l("Nhập danh mục từ tệp"),
    "desk.added": _l("Thêm quầy"),
    "desk.changed": _l("Sửa quầy"),
    "desk.closed": _l("Đóng quầy"),
    "desk_code.issued": _l("Cấp mã quầy"),
    "desk_code.revoked": _l("Ngừng mã quầy"),
    "factor.added": _l("Bật xác thực hai lớp"),
    "factor.code_used": _l("Dùng một mã dự phòng"),
    "factor.codes_renewed": _l("Tạo bộ mã dự phòng"),
    "factor.removed": _l("Tắt xác thực hai lớp"),
    "office.emblem_set": _l("Đổi biểu trưng"),
    "office.named": _l("Đặt tên cơ quan"),
    "office.set_up": _l("Xong ngày đầu tiên"),
    "password.changed": _l("Đổi mật khẩu"),
    "password.reset": _l("Cấp mật khẩu tạm"),
    "procedure.added": _l("Thêm thủ tục"),
    "procedure.changed": _l("Sửa thủ tục"),
    "procedure.restored": _l("Dùng lại thủ tục"),
    "procedure.retired": _l("Ngừng dùng thủ tục"),
    "questionnaire.published": _l("Ban hành mẫu phiếu"),
    "round.opened": _l("Mở đợt khảo sát"),
    "sector.added": _l("Thêm lĩnh vực"),
    "sector.renamed": _l("Đổi tên lĩnh vực"),
    "sector.restored": _l("Dùng lại lĩnh vực"),
    "sector.retired": _l("Ngừng dùng lĩnh vực"),
    "sign_in.ended": _l("Kết thúc phiên đăng nhập"),
    "sign_in.held": _l("Tạm giữ đăng nhập vì sai nhiều lần"),
    "sign_in.opened": _l("Đăng nhập"),
    "sign_in.refused": _l("Từ chối đăng nhập"),
    "unit.added": _l("Thêm đơn vị"),
}
