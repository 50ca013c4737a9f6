"""What a job seeker does with an exercise: hints, checks, submissions, self-marks."""
