"""People at work, acted over real HTTP: what `touchstone bench load` measures."""
