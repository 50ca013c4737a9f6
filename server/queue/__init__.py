"""Jobs as rows: put, claim, finish."""
