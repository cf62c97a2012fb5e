"""Printed forms: a frame, one compiler a process, batches that run as jobs. What stands in a form is the areas' business."""
