"""Account for the entropy of a quantum process and hold it against the laws of thermodynamics."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
