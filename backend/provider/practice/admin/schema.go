package admin

// migrations of the office's file. A shipped step is never changed.
var migrations = []string{`
CREATE TABLE domain (name TEXT PRIMARY KEY, place INTEGER NOT NULL, alias INTEGER NOT NULL, remark TEXT NOT NULL) STRICT;
CREATE TABLE department (
  id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER NOT NULL, -- 0: the office itself
  name TEXT NOT NULL, remark TEXT NOT NULL, place INTEGER NOT NULL, UNIQUE (parent, name)) STRICT;
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0, -- ms of the deletion
  doc TEXT NOT NULL,                       -- what does not need a column, as JSON
  salt BLOB, hash BLOB) STRICT;            -- of the password; NULL: none was set
CREATE INDEX person_address ON person (address);
CREATE TABLE place (person INTEGER NOT NULL, department INTEGER NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY (person, department)) STRICT, WITHOUT ROWID;
CREATE INDEX place_department ON place (department);
-- Who or what an address belongs to. Those of deleted people are free.
CREATE TABLE address (address TEXT PRIMARY KEY, use TEXT NOT NULL, owner INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX address_owner ON address (use, owner);
CREATE TABLE list (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE, doc TEXT NOT NULL) STRICT;
CREATE TABLE contact (id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL) STRICT;
CREATE TABLE contact_group (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, place INTEGER NOT NULL) STRICT;
CREATE TABLE granted (role TEXT NOT NULL, person INTEGER NOT NULL, department INTEGER NOT NULL, PRIMARY KEY (role, person, department)) STRICT, WITHOUT ROWID;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- What administrators did, in order.
CREATE TABLE act (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, remark TEXT NOT NULL) STRICT;
CREATE INDEX act_at ON act (at);
`, `
CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tagged (tag INTEGER NOT NULL, person INTEGER NOT NULL, department INTEGER NOT NULL, -- one of the two is 0
  PRIMARY KEY (tag, person, department)) STRICT, WITHOUT ROWID;
`}
