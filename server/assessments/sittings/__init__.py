"""Take-homes being sat: their time, what a team gives on top of it, and the hand-in."""
