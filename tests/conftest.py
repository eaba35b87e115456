"""The engine is quiet and on the CPU, and property tests have no deadline per example."""

import os

from hypothesis import settings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["KERAS_BACKEND"] = os.environ.get("REGDASH_BACKEND") or os.environ.get("KERAS_BACKEND") or "tensorflow"

settings.register_profile("regdash", deadline=None, database=None, print_blob=True)
settings.load_profile("regdash")
