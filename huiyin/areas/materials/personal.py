"""What materials keep about people: the name of the colleague who took something for daily work."""

from huiyin.foundation.privacy.declared import EMPLOYMENT, Erasing, PersonalField, Sensitivity

FIELDS = (
    PersonalField(
        "Movement",
        "taker",
        "领用人",
        "谁领用了清洁用品和工具",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why="进出记录只增不改;离职后随记录保存",
    ),
)
