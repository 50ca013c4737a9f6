"""The far side of the wall: what runs beside a candidate. Imports nothing of ours from outside this folder."""
