from django.db.models.signals import post_migrate, pre_migrate

from huiyin.foundation import apps as house


class Config(house.HouseAppConfig):
    name = "huiyin.foundation.journal"
    label = "journal"

    def ready(self) -> None:
        super().ready()
        from huiyin.foundation.guards import installing  # app ready

        # Once a run, for the whole database: the guards write into the tables of this app.
        pre_migrate.connect(installing.before_migrating, sender=self)
        post_migrate.connect(installing.on_migrated, sender=self)
