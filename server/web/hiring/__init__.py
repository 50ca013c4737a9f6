"""Pages of hiring teams."""
