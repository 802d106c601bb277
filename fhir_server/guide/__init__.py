"""The implementation guide as pages that people read. Spec: docs/guide.md"""

from .site import MEDIA, POLICY, Guide

__all__ = ["MEDIA", "POLICY", "Guide"]
