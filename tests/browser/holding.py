"""Requests that do not go on by themselves: a test lets each go, or loses its answer, when it wants to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route


class Held:
    """The first request to an address of the page's server; what comes after it goes through."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self._page = page
        self._route: Route | None = None
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self._route is None:
            self._route = route
        else:
            route.continue_()

    def wait(self) -> Route:
        while self._route is None:
            self._page.wait_for_timeout(20)
        return self._route

    def lose_the_answer(self) -> None:
        """The server takes the request, and the page never hears of it."""
        route = self.wait()
        route.fetch()
        route.abort()


class AllHeld:
    """What a page asks for at these addresses waits until `release`."""

    def __init__(self, page: Page, addresses: str | re.Pattern[str]) -> None:
        self.routes: list[Route] = []
        self.open = False
        page.route(addresses, self._take)

    def _take(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.routes.append(route)

    def release(self) -> None:
        self.open = True
        for route in self.routes:
            route.continue_()
