-- Institutions: what is known of an organisation beyond its name, kind and place, under the same number.
--
-- What is dated is kept as steps: a row holds from its day until the day of the next row with the same key, and a row
-- without a value ends what was. No two values of one fact can hold on a day.

create table institution (
  region text not null,
  id bigint not null,
  initials text not null,
  code text,
  legal_person text not null,
  phone text not null,
  address text not null,
  -- Millionths of a degree, as WGS 84.
  latitude bigint,
  longitude bigint,
  hours text not null,
  opened text not null,
  closed text,
  closed_reason text not null,
  remark text not null,
  source text not null,
  -- What the list shows, as of today, moved along by night.
  level text not null,
  modes text not null,
  marks text not null,
  beds bigint not null,
  licensed_medical text not null,
  licensed_care text not null,
  -- The last day of the licence that runs out first without another in its place, and from when that is announced.
  licence_end text,
  licence_warned text,
  created text not null,
  changed text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index institution_by_initials on institution (region, initials, id);
create unique index institution_code on institution (region, code) where code is not null and closed is null;
create index institution_by_code on institution (code) where code is not null;
create index institution_by_warning on institution (region, licence_warned) where licence_warned is not null;

create table institution_licence (
  region text not null,
  institution bigint not null,
  id bigint not null,
  kind text not null,
  number text not null,
  issuer text not null,
  from_day text not null,
  until_day text,
  ended_day text,
  ended_reason text not null,
  file bigint,
  remark text not null,
  created text not null,
  primary key (region, institution, id)
) /*sqlite without rowid*/;
create unique index institution_licence_number on institution_licence (region, institution, kind, number, from_day);

create table institution_fact (
  region text not null,
  institution bigint not null,
  kind text not null,
  from_day text not null,
  value text,
  note text not null,
  primary key (region, institution, kind, from_day)
) /*sqlite without rowid*/;
create index institution_fact_by_day on institution_fact (from_day, region);

-- Which institutions serve a village or grid; several may.
create table institution_area (
  region text not null,
  place text not null,
  institution bigint not null,
  from_day text not null,
  serves boolean not null,
  primary key (region, place, institution, from_day)
) /*sqlite without rowid*/;
create index institution_area_by_institution on institution_area (region, institution, place, from_day);
