-- The yearly health check of elders: one a calendar year, kept section by section, with what it found; invitations by
-- phone, and the files of laboratories.

-- What is said of a finding, once a county: thousands have the same.
create table healthcheck_finding (
  region text not null,
  digest text not null,
  said text not null,
  primary key (region, digest)
);

create table healthcheck (
  region text not null,
  id bigint not null,
  elder bigint not null,
  year bigint not null,
  number text not null,
  day text not null,
  state text not null,
  organisation bigint,
  doctor text not null,
  note text not null,
  self_care text,
  complete boolean not null,
  counts boolean not null,
  missing text not null,
  -- Digests of `healthcheck_finding`, in order.
  found text not null,
  abnormal bigint not null,
  urgent boolean not null,
  finished text,
  created text not null,
  primary key (region, id)
);
create unique index healthcheck_of_year on healthcheck (region, elder, year);
create unique index healthcheck_by_number on healthcheck (region, number);
create index healthcheck_by_day on healthcheck (region, day, id);
create index healthcheck_by_state on healthcheck (region, state, day, id);

-- The numbers given out in a county and year; they stand on tubes and slips.
create table healthcheck_number (
  region text not null,
  year bigint not null,
  n bigint not null,
  primary key (region, year)
) /*sqlite without rowid*/;

-- One row a section: item and text as JSON, and for what a laboratory sent, from which file.
create table healthcheck_section (
  region text not null,
  healthcheck bigint not null,
  section text not null,
  content text not null,
  sources text not null,
  account bigint not null,
  who text not null,
  at text not null,
  primary key (region, healthcheck, section)
);

create table healthcheck_call (
  region text not null,
  elder bigint not null,
  id bigint not null,
  at text not null,
  result text not null,
  planned_day text,
  note text not null,
  account bigint not null,
  who text not null,
  closed boolean not null,
  primary key (region, elder, id)
) /*sqlite without rowid*/;
create index healthcheck_call_open on healthcheck_call (region, elder, id) where not closed;

create table healthcheck_import (
  region text not null,
  id bigint not null,
  account bigint not null,
  who text not null,
  file_name text not null,
  accepted bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  persons bigint not null,
  report bytea not null,
  created text not null,
  primary key (region, id)
);
