"""The generators of queries and catalogues are importable here."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "semantic_layer" / "reference")]
