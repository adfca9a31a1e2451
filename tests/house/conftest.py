"""The fixtures of the small house, and of the browser."""

from tests.house.chromium import address, browser, tab  # noqa: F401
from tests.small_house import (  # noqa: F401
    broken,
    every_problem_can_be_acted_on,
    small_house,
    small_house_as_built,
)
