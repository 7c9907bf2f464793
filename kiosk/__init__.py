"""乡音 (Xiangyin): a self-service voice terminal for the halls of housing provident funds."""

__version__ = "0.2.0"
