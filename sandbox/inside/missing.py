"""A layer of the isolation that this machine does not give."""


class LayerMissing(Exception):
    def __init__(self, layer: str, why: str, advice: str) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer, self.why, self.advice = layer, why, advice

    def told(self) -> dict[str, str]:
        return {"layer": self.layer, "why": self.why, "advice": self.advice}
