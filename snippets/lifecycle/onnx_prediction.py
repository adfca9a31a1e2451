# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "onnxruntime>=1.28", "scikit-learn>=1.6", "skl2onnx>=1.20"]
# ///
"""The same prediction by ONNX: the fitted model as one file, run without scikit-learn.

Page: docs/lifecycle/cheap-prediction.md
Source: skl2onnx.to_onnx, onnxruntime.InferenceSession
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from onnxruntime import InferenceSession
    from skl2onnx import to_onnx
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    patients, outcome = load_breast_cancer(return_X_y=True)
    seconds = 1.7e9 + np.random.default_rng(0).uniform(0, 3_600, len(patients))
    late = seconds > seconds.mean()  # a label that hangs on a time stamp
    linear = make_pipeline(StandardScaler(), LogisticRegression())
    forest = make_pipeline(StandardScaler(), RandomForestClassifier(30, random_state=0))
    for name, model, table, labels in (
        ("linear model", linear, patients, outcome),
        ("forest", forest, patients, outcome),
        ("forest with time stamps", forest, np.column_stack([patients[:, :2], seconds]), late),
    ):
        model.fit(table, labels)
        single = table.astype(np.float32)  # what ONNX takes here
        file = to_onnx(model, single[:1], options={"zipmap": False}).SerializeToString()
        session = InferenceSession(file, providers=["CPUExecutionProvider"])
        answers, probabilities = session.run(None, {"X": single})
        differ = np.mean(answers != model.predict(table))
        gap = np.abs(probabilities - model.predict_proba(table)).max()
        print(f"{name}: {differ:.1%} of labels differ, probabilities by at most {gap:.2f}")
        #> linear model: 0.0% of labels differ, probabilities by at most 0.00
        #> forest: 0.0% of labels differ, probabilities by at most 0.03
        #> forest with time stamps: 0.9% of labels differ, probabilities by at most 0.80
    # --8<-- [end:demo]
