"""What a candidate's code could try against the walls: one function for each way, sent as text into the process."""
