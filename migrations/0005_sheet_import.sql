-- Sheets that were brought in row by row through the forms of a module: what came of each, and the rows handed back.

create table sheet_import (
  region text not null,
  id bigint not null,
  kind text not null,
  account bigint not null,
  who text not null,
  file bigint not null,
  file_name text not null,
  place text not null,
  dry_run boolean not null,
  accepted bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  result bytea not null,
  refused_file bigint,
  created text not null,
  primary key (region, id)
);
create index sheet_import_by_kind on sheet_import (region, kind, id);
