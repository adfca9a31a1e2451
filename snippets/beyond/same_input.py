# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""The same input at temperature 0, summed in another order: how many answers flip.

Page: docs/beyond/trust-a-judge.md
Source: floating-point addition is not associative
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    rng = np.random.default_rng(0)
    tokens, width = 4_000, 512
    states, words = (rng.normal(size=(n, width)).astype(np.float16) for n in (tokens, 1_000))

    def next_tokens(block):  # a server picks the block for the batch that it happens to have
        scores = np.zeros((tokens, 1_000), dtype=np.float16)
        for part in np.split(np.arange(width), width // block):
            exact = states[:, part].astype(float) @ words[:, part].T.astype(float)
            scores += exact.astype(np.float16)
        return scores.argmax(axis=1)  # temperature 0: the highest score

    alone, busy = next_tokens(64), next_tokens(128)
    flips = np.mean(alone != busy)
    print(f"same input, same blocks: {np.mean(alone != next_tokens(64)):.2%} of the tokens differ")
    #> same input, same blocks: 0.00% of the tokens differ
    print(f"same input, other blocks: {flips:.2%} of the tokens differ")
    #> same input, other blocks: 0.10% of the tokens differ
    print(f"answers of 300 tokens with one such token or more: {1 - (1 - flips) ** 300:.0%}")
    #> answers of 300 tokens with one such token or more: 26%
    # --8<-- [end:demo]
