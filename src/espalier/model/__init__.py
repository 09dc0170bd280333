"""The models: prompts, endpoints, constrained decoding, best-of-n, repair.

Knows nothing of training, of routes and budgets, or of the web interface.
"""

from .endpoint import Answer, Ask, Endpoint, Message, Sampling, Stream
from .errors import EndpointDown, ModelDamaged, ModelError, ModelMissing, PromptTooLong, Refused

__all__ = [
    "Answer",
    "Ask",
    "Endpoint",
    "EndpointDown",
    "Message",
    "ModelDamaged",
    "ModelError",
    "ModelMissing",
    "PromptTooLong",
    "Refused",
    "Sampling",
    "Stream",
]
