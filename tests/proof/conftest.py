"""The fixtures of the small house."""

from tests.small_house import (  # noqa: F401
    broken,
    every_problem_can_be_acted_on,
    small_house,
    small_house_as_built,
)
