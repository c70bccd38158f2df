"""Model files: read, check, build and run them."""

from loschmidt.studies.build import Prepared, build_model
from loschmidt.studies.load import builtin_model, load_model, parse_model, schema
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.run import Run, audit_saved, run_model
from loschmidt.studies.spec import OpenSystemSpec

__all__ = [
    "ModelSpec",
    "OpenSystemSpec",
    "Prepared",
    "Run",
    "audit_saved",
    "build_model",
    "builtin_model",
    "load_model",
    "parse_model",
    "run_model",
    "schema",
]
