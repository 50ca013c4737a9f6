"""What the work shows of each need, the board of a job, and what the team decides, a second look included."""
