from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.areas.return_visits"
    label = "return_visits"
