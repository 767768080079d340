-- What a status may be, ids and sizes are checked at the door; what stands here keeps a bug from going unnoticed.
-- lease_ends and available_at are in milliseconds of lease_now(), other times in microseconds since 1970 (wall_now()).
CREATE TABLE blueprints (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  architecture_ir TEXT NOT NULL,
  metadata TEXT,
  bytes INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'unvalidated' CHECK (status IN ('unvalidated', 'compiling', 'validated', 'invalid')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  worker TEXT,
  fence INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  available_at INTEGER NOT NULL DEFAULT 0, -- to be claimed no earlier
  lease_ends INTEGER, -- while compiling
  lease_ms INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  dead_letter INTEGER NOT NULL DEFAULT 0 CHECK (dead_letter IN (0, 1))
) STRICT;
CREATE INDEX blueprints_by_status ON blueprints (status, seq);
CREATE INDEX blueprints_leases ON blueprints (lease_ends) WHERE lease_ends IS NOT NULL;
CREATE INDEX blueprints_dead ON blueprints (seq) WHERE dead_letter = 1;

CREATE TABLE kernels (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  blueprint_id TEXT NOT NULL REFERENCES blueprints (id),
  status TEXT NOT NULL CHECK (status IN ('validated', 'invalid', 'testing', 'deployed')),
  compilation_pipeline TEXT NOT NULL,
  kernel_binary_ref TEXT NOT NULL,
  validation_report TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX kernels_by_blueprint ON kernels (blueprint_id, seq);

CREATE TABLE tokens (
  name TEXT NOT NULL PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('reader', 'designer', 'worker', 'admin')),
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
