from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.areas.upkeep"
    label = "upkeep"
