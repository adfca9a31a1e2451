# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: how many servers a latency limit needs.

Page: docs/lifecycle/queue-and-tail.md
Source: the exercise on that page; the theory of the M/M/1 queue
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    service, requests_per_second, limit = 10, 300, 150
    work = requests_per_second * service / 1_000
    print(
        f"{requests_per_second} requests of {service} ms keep {work:.0f} servers busy all the time"
    )
    #> 300 requests of 10 ms keep 3 servers busy all the time
    largest_busy = 1 - service * np.log(100) / limit
    servers = int(np.ceil(work / largest_busy))
    print(f"p99 below {limit} ms: at most {largest_busy:.0%} busy, so {servers} servers")
    #> p99 below 150 ms: at most 69% busy, so 5 servers
    p99 = service * np.log(100) / (1 - work / servers)
    print(f"with {servers} servers: {work / servers:.0%} busy, p99 {p99:.0f} ms")
    #> with 5 servers: 60% busy, p99 115 ms
    # --8<-- [end:demo]
