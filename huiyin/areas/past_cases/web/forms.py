"""What is handed in."""

from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm


class OrderSheetForm(HouseForm):
    sheet = UploadField(allowed=SHEETS, label="Excel 或 CSV 文件", error_messages={"required": "请选择文件"})
