"""What the counter does when the conversation asks: tasks over gateway, journal, printer and paper.

Knows fund and ports only. Every task blocks; the conductor runs them on a one-thread executor, in order.
"""
