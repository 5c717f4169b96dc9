"""Agreement between two independent passes: matching, chance-corrected coefficients, intervals, and the report."""
