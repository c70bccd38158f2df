"""The small language of model files: text in, checked tree out; nothing is ever evaluated as Python."""
