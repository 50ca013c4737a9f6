"""Processes behind the wall, as the server holds them: asked of a zygote, kept within their limits, ended."""
