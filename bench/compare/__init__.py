"""The comparison of typedview with its peers, which `make bench` runs.

The figures are of one thread, so the libraries that NumPy uses are told before NumPy is imported.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
