"""What keeps a page true: outputs, embeds, numbers, sources, claims, figures. Knows nothing of this site."""

import os

# One thread a process, set before numpy is loaded: the cores are filled by processes, and threads
# that wait for each other on a busy machine cost six times the time.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
