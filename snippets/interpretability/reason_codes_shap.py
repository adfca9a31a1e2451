# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "shap>=0.47"]
# ///
"""The exact reasons of a linear model by shap, with all of the background and with its default.

Page: docs/interpretability/reason-codes.md
Source: LinearExplainer and the tabular masker of shap
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    import pandas as pd
    import shap
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    income = rng.normal(3.0, 1.0, 5_000)
    debt = rng.normal(6 - income, 1.0)
    applicants = pd.DataFrame({"income": income, "debt": debt, "late": rng.poisson(0.6, 5_000)})
    log_odds = applicants.to_numpy() @ [-0.8, 0.7, 0.7] - 1.2
    defaulted = (log_odds > rng.logistic(size=5_000)).astype(int)
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    formula = model.coef_[0] * (applicants - applicants.mean())

    everybody = shap.maskers.Independent(applicants, max_samples=len(applicants))
    default = shap.maskers.Independent(applicants)
    for name, masker in (("max_samples=5,000", everybody), ("default", default)):
        shares = shap.LinearExplainer(model, masker).shap_values(applicants)
        print(
            f"shap, {name}: {len(masker.data):,} rows in the background, "
            f"equal to the formula: {np.allclose(shares, formula)}"
        )
        #> shap, max_samples=5,000: 5,000 rows in the background, equal to the formula: True
        #> shap, default: 100 rows in the background, equal to the formula: False
    # --8<-- [end:demo]
