"""The page about scale: what was measured at growing sizes, drawn and told."""
