from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.areas.past_cases"
    label = "past_cases"
