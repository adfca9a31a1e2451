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
    from timeit import repeat

    import numpy as np
    from onnxruntime import InferenceSession
    from skl2onnx import to_onnx
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    patients, outcome = load_breast_cancer(return_X_y=True)
    rows = patients.astype(np.float32)
    models = {
        "pipeline": make_pipeline(StandardScaler(), LogisticRegression()),
        "forest": RandomForestClassifier(n_estimators=30, random_state=0),
    }

    def fastest(predict, *row):
        return min(repeat(lambda: predict(*row), number=5, repeat=20))

    for name, model in models.items():
        model.fit(rows, outcome)
        file = to_onnx(model, rows[:1], options={"zipmap": False}).SerializeToString()
        session = InferenceSession(file, providers=["CPUExecutionProvider"])
        labels, probabilities = session.run(None, {"X": rows})
        same = np.mean(labels == model.predict(rows))
        close = np.abs(probabilities - model.predict_proba(rows)).max() < 1e-5
        speedup = fastest(model.predict_proba, rows[:1]) / fastest(
            session.run, None, {"X": rows[:1]}
        )
        print(
            f"{name}: {same:.0%} of labels equal, probabilities equal to 1e-5: {close}, "
            f"5 times faster: {speedup > 5}"
        )
        #> pipeline: 100% of labels equal, probabilities equal to 1e-5: True, 5 times faster: True
        #> forest: 100% of labels equal, probabilities equal to 1e-5: True, 5 times faster: True
    # --8<-- [end:demo]
