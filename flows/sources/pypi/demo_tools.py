"""Downloads of the tools around the frameworks: a formula, because no figures of them were at hand.

Each tool has a curve in downloads a day, by pip alone; the parameters were chosen to look plausible and say
nothing about the world. Every day's row says so under `sample`.
"""

from collections.abc import Mapping
from datetime import date

from flows.standin.curve import Curve

SAMPLE = "formula of Barometer's demo, not the index's figures"

# Before it nothing is known of any.
FIRST_DAY = date(2019, 1, 1)
GOES_ON = (date(2030, 1, 1), 400, 0.9)
CURVES: Mapping[str, Curve] = {
    "tensorboard": Curve(620_000, date(2020, 9, 1), 420, date(2024, 3, 1), 300, 0.8),
    "tensorboardx": Curve(110_000, date(2020, 6, 1), 400, date(2023, 6, 1), 400, 0.6),
    "horovod": Curve(9_000, date(2019, 9, 1), 300, date(2022, 9, 1), 330, 0.2),
    "deepspeed": Curve(42_000, date(2023, 3, 1), 330, *GOES_ON),
    "accelerate": Curve(480_000, date(2023, 9, 1), 300, *GOES_ON),
    "torchserve": Curve(16_000, date(2022, 3, 1), 400, date(2025, 1, 1), 200, 0.7),
    "tensorflow-serving-api": Curve(70_000, date(2020, 6, 1), 500, date(2024, 1, 1), 400, 0.6),
    "onnxruntime": Curve(390_000, date(2023, 6, 1), 420, *GOES_ON),
    "mlflow": Curve(560_000, date(2022, 6, 1), 480, *GOES_ON),
    "wandb": Curve(440_000, date(2022, 9, 1), 480, *GOES_ON),
    "comet-ml": Curve(24_000, date(2021, 9, 1), 480, *GOES_ON),
}


def tool_downloads(package: str, day: date) -> int | None:
    """Return a tool's downloads of a day; None of what is no tool here, and of days before the first."""
    curve = CURVES.get(package)
    return round(curve.on(day)) if curve and day >= FIRST_DAY else None
