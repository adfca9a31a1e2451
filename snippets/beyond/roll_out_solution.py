# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Solution: how long a canary takes, by Wald's approximation of the expected requests.

Page: docs/beyond/roll-out.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from math import log

    requests_a_day, canary_share = 400_000, 0.02
    healthy, unacceptable = 0.005, 0.01
    alpha, beta = 0.001, 0.01
    hourly = requests_a_day * canary_share / 24
    failure, success = log(unacceptable / healthy), log((1 - unacceptable) / (1 - healthy))
    upper, lower = log((1 - beta) / alpha), log(beta / (1 - alpha))
    for name, rate, rolled_back in (
        ("healthy", healthy, alpha),
        ("unacceptable", unacceptable, 1 - beta),
    ):
        at_the_end = rolled_back * upper + (1 - rolled_back) * lower
        requests = at_the_end / (rate * failure + (1 - rate) * success)
        print(f"{name}: about {requests:,.0f} requests, {requests / hourly:.0f} hours")
        #> healthy: about 2,969 requests, 9 hours
        #> unacceptable: about 3,489 requests, 10 hours
    # --8<-- [end:demo]
