"""The demo: a local stand-in for the sources that answers with figures from the past."""

from pathlib import Path

from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

# What the demo compares: part of the program, and nobody's to edit.
CONFIG = Path(__file__).with_name("ecosystem.toml")


def refuse_demos_own(settings: Settings) -> None:
    """Raise ConfigurationError before the demo's own configuration would be edited."""
    if settings.config == CONFIG:
        raise ConfigurationError(
            f"BAROMETER_CONFIG: found {CONFIG}, the demo's own, expected one to edit; set "
            "BAROMETER_DATA to a folder for live figures"
        )
