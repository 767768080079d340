-- As of SQLite's, word for word where the two agree; the clock is the server's, so that all registries of a fleet share it.
CREATE FUNCTION lease_now() RETURNS bigint LANGUAGE sql VOLATILE AS
  'SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)';
CREATE FUNCTION wall_now() RETURNS bigint LANGUAGE sql VOLATILE AS
  'SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)';

CREATE TABLE blueprints (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  architecture_ir text NOT NULL,
  metadata text,
  bytes bigint NOT NULL,
  status text NOT NULL DEFAULT 'unvalidated' CHECK (status IN ('unvalidated', 'compiling', 'validated', 'invalid')),
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  worker text,
  fence bigint NOT NULL DEFAULT 0,
  tries bigint NOT NULL DEFAULT 0,
  available_at bigint NOT NULL DEFAULT 0,
  lease_ends bigint,
  lease_ms bigint NOT NULL DEFAULT 0,
  reason text,
  dead_letter bigint NOT NULL DEFAULT 0 CHECK (dead_letter IN (0, 1))
);
CREATE INDEX blueprints_by_status ON blueprints (status, seq);
CREATE INDEX blueprints_queue ON blueprints (seq) WHERE status = 'unvalidated';
CREATE INDEX blueprints_leases ON blueprints (lease_ends) WHERE lease_ends IS NOT NULL;
CREATE INDEX blueprints_dead ON blueprints (seq) WHERE dead_letter = 1;

CREATE TABLE kernels (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  blueprint_id text NOT NULL REFERENCES blueprints (id),
  status text NOT NULL CHECK (status IN ('validated', 'invalid', 'testing', 'deployed')),
  compilation_pipeline text NOT NULL,
  kernel_binary_ref text NOT NULL,
  validation_report text NOT NULL,
  bytes bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE INDEX kernels_by_blueprint ON kernels (blueprint_id, seq);

CREATE TABLE tokens (
  name text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('reader', 'designer', 'worker', 'admin')),
  hash text NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  expires_at bigint
);
