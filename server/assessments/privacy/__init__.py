"""Who may see who a candidate is, who looked, and for how long anything of a person is kept."""
