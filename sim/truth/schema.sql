-- truth.db: what really happened in one run. Written by sim/truth, read by audit and reports, never by
-- the head-end.
--
-- Nothing here depends on who wrote first: every row has a key of its own (time and area, entity and
-- number), so two runs of one scenario and seed hold the same rows, whatever the order of construction or
-- the number of workers. Instants: *_ns counts nanoseconds, *_s seconds, since 1970-01-01T00:00:00Z.
-- Blobs are little-endian and packed. The file is complete once run holds the key 'complete'; a file
-- without it is from a run that died.

-- The run introduces itself: 'version', 'story', 'seed', 'starts_ns', 'ends_ns', 'zone', ... and at the
-- end 'digest' (16 hexadecimal digits over all of truth) and 'complete'.
CREATE TABLE run (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE areas (
  area        INTEGER PRIMARY KEY,   -- model::AreaId, from 0
  name        TEXT NOT NULL,
  first_meter INTEGER NOT NULL,      -- the area's meters are first_meter .. first_meter + meters - 1
  meters      INTEGER NOT NULL
);

CREATE TABLE meters (
  meter           INTEGER PRIMARY KEY,  -- model::MeterId, from 1 over all areas
  name            TEXT NOT NULL,        -- 'M0017'
  address         TEXT NOT NULL,        -- twelve digits
  area            INTEGER NOT NULL,
  line            INTEGER NOT NULL,     -- RS-485 line within the area, from 0
  account         TEXT NOT NULL,        -- 'A0017'
  payment         TEXT NOT NULL,        -- 'postpaid', 'prepaid-head-end', 'prepaid-meter'
  tariff          TEXT NOT NULL,
  load            TEXT NOT NULL,        -- 'household', 'ieee-profile', 'constant'
  is_protected    INTEGER NOT NULL,     -- 1: never cut off
  accuracy_class  INTEGER NOT NULL,     -- 1 or 2, GB/T 17215.321
  error_ppm       INTEGER NOT NULL,     -- this meter's measuring error as drawn
  clock_drift_ppb INTEGER NOT NULL      -- its clock's drift as drawn, positive gains
);

-- The scenario's injected faults, as the scenario orders them. That one really struck is told by the
-- events it causes.
CREATE TABLE faults (
  fault   INTEGER PRIMARY KEY,          -- from 0
  kind    TEXT NOT NULL,                -- 'supply-outage', 'uplink-outage', ...
  area    TEXT NOT NULL,                -- '' = all areas
  meter   TEXT NOT NULL,                -- '' = the whole area
  from_ns INTEGER NOT NULL,
  till_ns INTEGER NOT NULL
);

-- One row per area and quarter hour of true time; element i of a blob is meter first_meter + i.
-- sample_key = (due_s / 900) * 2^20 + area, so the table grows at its end and ORDER BY sample_key is
-- (due_s, area).
CREATE TABLE samples (
  sample_key  INTEGER PRIMARY KEY,
  area        INTEGER NOT NULL,
  due_s       INTEGER NOT NULL,         -- a whole quarter hour
  first_meter INTEGER NOT NULL,
  shown       BLOB NOT NULL,            -- u32 each: forward active register as displayed, 0.01 kWh
  passed      BLOB NOT NULL,            -- i64 each: energy physically passed to the customer, microjoules
  money       BLOB                      -- i64 each, micro-yuan: the meter's money minus overdraft; NULL = all zero
);

-- Things that happened. seq numbers an entity's events from 0 in the order of their instants.
CREATE TABLE events (
  entity TEXT NOT NULL,                 -- 'M0017', 'concentrator north', 'account A0017', 'head-end'
  seq    INTEGER NOT NULL,
  at_ns  INTEGER NOT NULL,
  kind   TEXT NOT NULL,                 -- docs/truth-events.md
  value  INTEGER NOT NULL,              -- meaning by kind
  text   TEXT NOT NULL,
  PRIMARY KEY (entity, seq)
) WITHOUT ROWID;
-- Made when the run is complete, not while it is written:
--   CREATE INDEX events_by_kind ON events (kind, at_ns, entity, seq);

-- What each entity's samples and events fold to; two runs that differ are told apart by the first entity
-- that does.
CREATE TABLE digests (
  entity TEXT PRIMARY KEY,              -- 'samples M0017' for a meter's samples, 'M0017' for its events
  digest TEXT NOT NULL                  -- 16 hexadecimal digits
) WITHOUT ROWID;
