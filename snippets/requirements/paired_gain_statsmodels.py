# /// script
# requires-python = ">=3.11"
# dependencies = ["statsmodels>=0.14.4"]
# ///
"""The same test, and the rows of two separate test sets, by statsmodels.

Page: docs/requirements/real-gain.md
Source: statsmodels, contingency tables and power
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    table = [[9_400, 95], [105, 400]]
    exact, normal = mcnemar(table), mcnemar(table, exact=False, correction=False)
    print(f"McNemar by statsmodels: exact p = {exact.pvalue:.2f}, normal p = {normal.pvalue:.2f}")
    #> McNemar by statsmodels: exact p = 0.52, normal p = 0.48
    effect = proportion_effectsize(0.951, 0.95)  # by the arcsine
    rows = NormalIndPower().solve_power(effect, alpha=0.05, power=0.8)
    print(f"rows by the arcsine of statsmodels, 95.0% to 95.1%: {rows:,.0f}")
    #> rows by the arcsine of statsmodels, 95.0% to 95.1%: 738,556
    # --8<-- [end:demo]
