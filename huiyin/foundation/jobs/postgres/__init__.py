"""The queue on PostgreSQL: Procrastinate's tables, functions and worker behind the same tasks and the same pages.

What Procrastinate does not keep stands in our rows: a job that ran out of attempts, with its error, and the outcome of
a schedule's last run.
"""
