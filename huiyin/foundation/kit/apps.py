"""The web kit: base pages, components, list pages, replies."""

from huiyin.foundation import apps as house


class KitConfig(house.HouseAppConfig):
    name = "huiyin.foundation.kit"
    label = "kit"
    verbose_name = "界面"
