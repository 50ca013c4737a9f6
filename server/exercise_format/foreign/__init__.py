"""What the readers of other systems' notebooks have in common."""
