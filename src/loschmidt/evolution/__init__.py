"""Run a process: evolution in time, its methods, and steady states; each is loaded on first use."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
