"""The layers of the wall, one file for each kind. Linux only, through libc alone."""
