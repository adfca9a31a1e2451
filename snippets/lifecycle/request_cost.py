# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""What one request costs in money or energy, from its processor seconds.

Page: docs/lifecycle/load-test.md
Source: a bill is shared by the processor seconds that each request uses
Task: say what one request costs in money or energy
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import inf
from numbers import Real


def cost_of_request(seconds: float, core_hour: float, busy: float) -> float:
    """Return what one request costs, as its share of what a core costs in an hour.

    Parameters
    ----------
    seconds : float
        Processor seconds of one request, at least 0.
    core_hour : float
        What the machine costs an hour, divided by its cores, at least 0: in money; or its watts
        at this load, which are watt-hours an hour.
    busy : float
        Share of the core seconds in use, by all work together, above 0, at most 1.

    Returns
    -------
    float
        In money, or in watt-hours.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    for name, value in (("seconds", seconds), ("core_hour", core_hour)):
        if not isinstance(value, Real) or not 0 <= value < inf or int(value).bit_length() > 999:
            raise ValueError(f"{name} must be a number of at least 0, got {value!r}")
    number = isinstance(busy, Real)
    if not number or not 0 < busy <= 1:
        raise ValueError(f"busy must be above 0 and at most 1, got {busy!r}")
    return float(seconds) * float(core_hour) / (3_600 * float(busy))


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    for busy, watts in ((0.1, 10), (0.6, 18)):
        money, energy = (1e6 * cost_of_request(0.005, hour, busy) for hour in (0.05, watts))
        print(f"{busy:.0%} busy: a million cost {money:.2f} and {energy:.0f} Wh")
        #> 10% busy: a million cost 0.69 and 139 Wh
        #> 60% busy: a million cost 0.12 and 42 Wh
    # --8<-- [end:demo]
