# /// script
# requires-python = ">=3.11"
# dependencies = ["scipy>=1.13"]
# ///
"""Solution: a gain with its test, and the rows that would have been needed.

Page: docs/requirements/real-gain.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import binomtest, norm

    rows, won, lost = 5_000, 90, 65
    p_value = binomtest(won, won + lost).pvalue
    print(f"gain {100 * (won - lost) / rows:.1f} points, p = {p_value:.3f}")
    #> gain 0.5 points, p = 0.054
    gain, disagreement = (won - lost) / rows, (won + lost) / rows
    reach = norm.isf(0.025) * disagreement**0.5 + norm.ppf(0.8) * (disagreement - gain**2) ** 0.5
    print(f"rows needed for a chance of 80%: {(reach / gain) ** 2:,.0f}")
    #> rows needed for a chance of 80%: 9,730
    print(f"corrected for 12 variants: significant below p = {0.05 / 12:.4f}")
    #> corrected for 12 variants: significant below p = 0.0042
    # --8<-- [end:demo]
