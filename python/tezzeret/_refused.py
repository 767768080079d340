"""The one error of a kernel file that is not accepted."""


class KernelRefused(ValueError):
    """A kernel file is not what it should be. `place`: file, record, line or byte; `found`; `expected`."""

    def __init__(self, place: str, found: str, expected: str):
        super().__init__(f"{place}: {found}; expected {expected}")
        self.place, self.found, self.expected = place, found, expected

    def within(self, place: str) -> "KernelRefused":
        """The same, of a larger thing."""
        return KernelRefused(f"{place}, {self.place}" if self.place else place, self.found, self.expected)

    def __reduce__(self) -> tuple[type["KernelRefused"], tuple[str, str, str]]:
        return KernelRefused, (self.place, self.found, self.expected)
