-- Elders: one person once, groups, contacts, what is reported of them, what is due for them.

create table elder (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  organisation bigint,
  name text not null,
  initials text not null,
  sex text not null,
  birth text not null,
  birth_precision text not null,
  id_kind text not null,
  id_number bytea,
  phone bytea,
  phone_blind bytea,
  address bytea,
  registered_place text,
  living text not null,
  insurance text not null,
  state text not null,
  state_day text,
  merged_into bigint,
  moved_region text,
  moved_id bigint,
  ended text,
  remark text not null,
  source text not null,
  created text not null,
  changed text not null,
  primary key (region, id)
);
create index elder_by_initials on elder (region, state, initials, id);
create index elder_by_street on elder (region, street, state, initials, id);
create index elder_by_birth on elder (region, state, birth, id);
create index elder_by_changed on elder (region, state, changed, id);
create index elder_by_name on elder (region, name, state, birth);
create index elder_by_phone on elder (region, phone_blind, state, birth) where phone_blind is not null;
create index elder_by_organisation on elder (organisation, region, id) where organisation is not null;
create index elder_by_moved on elder (region, moved_region, moved_id) where moved_id is not null;
create index elder_by_merged on elder (region, merged_into) where merged_into is not null;

-- Where the person with an ID number is: the one table that spans regions, found by blind index.
create table person_index (
  blind bytea not null primary key,
  region text not null,
  elder bigint not null
) /*sqlite without rowid*/;
create index person_index_by_elder on person_index (region, elder);

create table elder_group (
  region text not null,
  elder bigint not null,
  kind text not null,
  from_day text not null,
  until_day text,
  source text not null,
  word text not null,
  primary key (region, elder, kind, from_day)
) /*sqlite without rowid*/;
create unique index elder_group_open on elder_group (region, elder, kind) where until_day is null;
create index elder_group_by_day on elder_group (region, kind, from_day, elder);
create index elder_group_by_kind on elder_group (region, kind, elder) where until_day is null;

create table elder_contact (
  region text not null,
  elder bigint not null,
  id bigint not null,
  name text not null,
  relation text not null,
  phone bytea,
  is_carer boolean not null,
  lives_together boolean not null,
  primary key (region, elder, id)
) /*sqlite without rowid*/;

create table elder_timeline (
  region text not null,
  elder bigint not null,
  at text not null,
  id bigint not null,
  kind text not null,
  said text not null,
  said_values text not null,
  link text,
  tone text not null,
  primary key (region, elder, at, id)
);

create table elder_due (
  region text not null,
  elder bigint not null,
  kind text not null,
  day text not null,
  street text not null,
  said text not null,
  link text not null,
  primary key (region, elder, kind)
) /*sqlite without rowid*/;
create index elder_due_by_day on elder_due (region, kind, day, elder);

create table elder_duplicate (
  region text not null,
  id bigint not null,
  kept bigint not null,
  other bigint not null,
  why text not null,
  state text not null,
  undo text,
  account bigint,
  at text not null,
  primary key (region, id)
);
create unique index elder_duplicate_pair on elder_duplicate (region, kept, other);
create index elder_duplicate_by_state on elder_duplicate (region, state, at, id);

-- How many living elders there are, kept with every change: facet is `all`, `sex:female`, `group:alone`, ….
create table elder_count (
  region text not null,
  street text not null,
  facet text not null,
  n bigint not null,
  primary key (region, street, facet)
) /*sqlite without rowid*/;

create table elder_import (
  region text not null,
  id bigint not null,
  account bigint not null,
  file bigint,
  file_name text not null,
  place text not null,
  dry_run boolean not null,
  job bigint,
  choice text not null,
  state text not null,
  accepted bigint not null,
  same_again bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  result bytea,
  refused_file bigint,
  created text not null,
  primary key (region, id)
);
