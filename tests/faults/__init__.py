"""Single faults for the dataset: what people get wrong in its files, one thing at a time, each with the place it is in.

`faults()` yields them in a fixed order. Each kind of fault is put into several records. `measure()` says of each whether
check finds it, where, and with how many findings. `PYTHONPATH=tests python -m faults` prints the shares.
"""

from faults.dataset import Dataset
from faults.measuring import faults, measure, shares
from faults.unusual import unusual

__all__ = ["Dataset", "faults", "measure", "shares", "unusual"]
