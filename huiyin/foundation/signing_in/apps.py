from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.foundation.signing_in"
    label = "signing_in"
