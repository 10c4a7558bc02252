"""Catalogue files of every make, for tests."""

import io

import openpyxl

HEAD = ("Mã lĩnh vực", "Tên lĩnh vực", "Mã thủ tục", "Tên thủ tục", "Cấp thực hiện")
BIRTH = ("HT", "Hộ tịch", "1.001193", "Đăng ký khai sinh", "Cấp xã")
DEATH = ("HT", "Hộ tịch", "1.000656", "Đăng ký khai tử", "Cấp xã")
RECORD = ("LLTP", "Lý lịch tư pháp", "2.000488", "Cấp Phiếu lý lịch tư pháp số 1", "Cấp tỉnh")


def csv_file(*rows, separator=",", encoding="utf-8", head=HEAD):
    lines = [separator.join(f'"{cell}"' for cell in row) for row in (head, *rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx_file(*rows, head=HEAD):
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
