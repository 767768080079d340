-- The traceparent (W3C) of the call that brought it in: what a blueprint, its claims and its kernels have in common.
ALTER TABLE blueprints ADD COLUMN traceparent TEXT;
ALTER TABLE kernels ADD COLUMN traceparent TEXT;
