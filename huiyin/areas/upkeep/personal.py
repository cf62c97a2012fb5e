"""What upkeep keeps about people: who carried out an overhaul, as it was told. Homes are kept by reference only."""

from huiyin.foundation.privacy.declared import EMPLOYMENT, Erasing, PersonalField, Sensitivity

FIELDS = (
    PersonalField(
        "Overhaul",
        "by_whom",
        "大中修谁做的",
        "设备出问题时找得到做的人和单位",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why="大中修记录只增不改,随设备台账保存",
    ),
)
