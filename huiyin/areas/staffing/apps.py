from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.areas.staffing"
    label = "staffing"

    def ready(self) -> None:
        super().ready()
        from huiyin.areas.staffing import populations, queries  # app ready
        from huiyin.standards import on_duty  # app ready

        on_duty.found_by(queries.reached_now)
        populations.register()
