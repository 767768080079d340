-- The traceparent (W3C) of the call that brought it in: what a blueprint, its claims and its kernels have in common.
ALTER TABLE blueprints ADD COLUMN traceparent text;
ALTER TABLE kernels ADD COLUMN traceparent text;
