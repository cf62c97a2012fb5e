from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.areas.service_desk"
    label = "service_desk"
