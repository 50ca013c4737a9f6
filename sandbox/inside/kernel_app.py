"""Placeholder for the first commit."""


def main(request: dict, fds: list[int]) -> None:
    import time
    time.sleep(request.get("seconds", 1))
