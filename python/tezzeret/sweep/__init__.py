"""Bulk compilation: many blueprints from JSONL or Parquet, by warm compiler processes here or on Ray (docs/sweeps.md).

    python -m tezzeret.sweep nets.jsonl -o results --option=--tier=fast
"""
from tezzeret.sweep._sweep import Plan, run
from tezzeret.sweep._table import Summary

__all__ = ["Plan", "Summary", "run"]
