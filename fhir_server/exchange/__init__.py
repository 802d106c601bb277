"""What every interaction and operation shares: the call, the reply, writing, bundles."""

from .call import Call, Handler, Reply, Service

__all__ = ["Call", "Handler", "Reply", "Service"]
