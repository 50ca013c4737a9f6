"""Kinds and levels in the words of the pages."""

KINDS = {
    "theory": "Theory",
    "coding": "Coding",
    "debugging": "Debugging",
    "maths": "Maths",
    "applied": "Applied",
    "takehome": "Take-home",
    "projects": "Past project",
    "culture": "Background",
}
LEVELS = {1: "Basic", 2: "Intermediate", 3: "Advanced"}
