"""What every app of the house does when it wakes (import this module, not the class, so that Django finds one config): register its reactions to facts, in the order of the tiers."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class HouseAppConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Whoever reads the journal back must know the facts of every area, also of one nobody reacts to.
        if find_spec(f"{self.name}.events"):
            import_module(f"{self.name}.events")
        if find_spec(f"{self.name}.handlers"):
            from huiyin.foundation.journal import reactions  # app ready

            reactions.register(import_module(f"{self.name}.handlers").REACTIONS)
