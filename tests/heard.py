"""Who hears what rules over time tell."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.alerts.told import Told, Way


@dataclass(slots=True)
class Heard:
    """Tells nobody: holds what was told, by its id."""

    way: Way
    told: dict[str, Told] = field(default_factory=dict)

    def tell(self, told: Told) -> bool:
        """See Tells."""
        is_new = told.alert_id not in self.told
        self.told[told.alert_id] = told
        return is_new

    def amend(self, told: Told) -> None:
        """See Tells."""
        if told.alert_id in self.told:
            self.told[told.alert_id] = told
