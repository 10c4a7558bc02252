"""The words for roles, kinds of unit and permissions."""

from collections.abc import Iterable

from sipas.i18n import lazy_gettext as _l
from sipas.staff.rules import Permission, Role, UnitKind

UNIT_KINDS = {
    UnitKind.OFFICE: _l("Cơ quan"),
    UnitKind.DIVISION: _l("Phòng, trung tâm"),
    UnitKind.TEAM: _l("Tổ, bộ phận"),
}

ROLES = {
    Role.DESK_CLERK: _l("Công chức tiếp nhận"),
    Role.OFFICER: _l("Chuyên viên"),
    Role.DIVISION_HEAD: _l("Trưởng phòng"),
    Role.LEADER: _l("Lãnh đạo Sở"),
    Role.HEAD_OFFICE: _l("Văn phòng Sở"),
    Role.PUBLISHER: _l("Người đăng tin"),
    Role.DATA_PROTECTION: _l("Cán bộ bảo vệ dữ liệu"),
    Role.INSPECTOR: _l("Thanh tra"),
    Role.ADMINISTRATOR: _l("Quản trị hệ thống"),
}

PERMISSIONS = {
    Permission.HOME: _l("Xem trang tổng quan, tài khoản của mình"),
    Permission.SET_UP: _l("Đặt tên cơ quan, biểu trưng"),
    Permission.UNITS_VIEW: _l("Xem các đơn vị"),
    Permission.UNITS_EDIT: _l("Lập, đổi tên, sắp xếp đơn vị"),
    Permission.STAFF_VIEW: _l("Xem danh sách cán bộ"),
    Permission.STAFF_EDIT: _l("Quản lý cán bộ, vai trò, tài khoản"),
    Permission.DELEGATE: _l("Ủy quyền việc của mình"),
    Permission.CALENDAR_VIEW: _l("Xem lịch làm việc"),
    Permission.CALENDAR_EDIT: _l("Sửa lịch làm việc"),
    Permission.CATALOGUE_EDIT: _l("Sửa danh mục thủ tục"),
    Permission.DESK_VIEW: _l("Xem quầy, in tờ QR"),
    Permission.DESK_EDIT: _l("Lập, sửa quầy"),
    Permission.SURVEY_VIEW: _l("Xem kết quả khảo sát"),
    Permission.LEDGER_VIEW: _l("Xem sổ nhật ký"),
    Permission.MAIL_VIEW: _l("Xem thư báo đã gửi"),
    Permission.CASE_VIEW: _l("Xem hồ sơ ý kiến"),
    Permission.CASE_HANDLE: _l("Xử lý hồ sơ ý kiến"),
    Permission.CASE_APPROVE: _l("Duyệt trả lời"),
    Permission.CASE_PUBLISH: _l("Đăng câu hỏi và trả lời"),
}


def role_names(roles: Iterable[Role]) -> str:
    return ", ".join(str(ROLES[role]) for role in roles)
