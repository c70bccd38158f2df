"""Named models with their sources, each an editable model file."""

from loschmidt.models.catalogue import MODELS
from loschmidt.models.model import Model

__all__ = ["MODELS", "Model"]
