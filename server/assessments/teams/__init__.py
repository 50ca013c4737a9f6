"""Teams: who is in one, what each may do, and what kind of organisation it is."""
