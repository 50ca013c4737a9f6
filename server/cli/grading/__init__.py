"""`touchstone grade`, `grades` and `regrade`: results made, read, and made again."""
