-- Visits to homes: planned and made, their evidence as a chain of events, the checks, phones, doors, alarms.

create table visit (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  elder bigint not null,
  organisation bigint,
  staff bigint,
  second bigint,
  people bigint not null,
  day text not null,
  from_minute bigint,
  until_minute bigint,
  -- When those who come were told to be there.
  at_minute bigint,
  minutes bigint not null,
  state text not null,
  note text not null,
  -- `plan`, `phone`, `page`, or the other vendor's word; with its number where it has one.
  source text not null,
  number text not null,
  began text,
  ended text,
  next_day text,
  reason text not null,
  verdict text not null,
  -- What follows from the visit was written for this outcome.
  outcome text not null,
  version bigint not null,
  created text not null,
  primary key (region, id)
);
create index visit_by_day on visit (region, day, id);
create index visit_by_street on visit (region, street, day, id);
create index visit_by_organisation on visit (organisation, region, day, id) where organisation is not null;
create index visit_by_staff on visit (region, staff, day, id) where staff is not null;
create index visit_by_second on visit (region, second, day, id) where second is not null;
create index visit_by_elder on visit (region, elder, day, id);
create index visit_by_verdict on visit (region, verdict, day, id) where verdict <> '';
create unique index visit_by_number on visit (region, source, number) where number <> '';

create table visit_purpose (
  region text not null,
  visit bigint not null,
  thing text not null,
  service text not null,
  programme text not null,
  payer text not null,
  primary key (region, visit, thing, service)
) /*sqlite without rowid*/;
create index visit_purpose_by_thing on visit_purpose (region, thing, visit);

create table visit_task (
  region text not null,
  visit bigint not null,
  service text not null,
  done boolean not null,
  reason text not null,
  answers text not null,
  note text not null,
  primary key (region, visit, service)
);

create table visit_check (
  region text not null,
  visit bigint not null,
  name text not null,
  finding text not null,
  zh text not null,
  en text not null,
  primary key (region, visit, name)
) /*sqlite without rowid*/;

-- What one visit wrote elsewhere: the health record, a contract, a payer of record.
create table visit_written (
  region text not null,
  visit bigint not null,
  kind text not null,
  thing text not null,
  said text not null,
  primary key (region, visit, kind, thing)
) /*sqlite without rowid*/;

create table visit_event (
  region text not null,
  id text not null,
  visit bigint,
  phone bigint not null,
  number bigint not null,
  kind text not null,
  -- Which visit the phone named: our number, or the id of an event that began one.
  named text not null,
  at text not null,
  received text not null,
  -- By how many seconds the phone's clock was ahead when it sent this.
  ahead bigint not null,
  body bytea not null,
  previous text not null,
  hash text not null,
  signature text not null,
  chain text not null,
  state text not null,
  reason text not null,
  primary key (region, id)
);
create unique index visit_event_by_number on visit_event (region, phone, number);
create index visit_event_by_visit on visit_event (region, visit, phone, number) where visit is not null;
create index visit_event_aside on visit_event (region, received) where state = 'aside';

create table visit_photo (
  region text not null,
  hash text not null,
  file bigint not null,
  phone bigint not null,
  received text not null,
  primary key (region, hash)
) /*sqlite without rowid*/;

create table visit_phone (
  region text not null,
  id bigint not null,
  account bigint not null,
  staff bigint not null,
  token bigint not null,
  name text not null,
  public_key text not null,
  -- Signs calls for help alone, before the PIN; empty for a phone without one.
  help_key text not null,
  app text not null,
  created text not null,
  revoked text,
  revoked_reason text not null,
  seen text,
  unsent bigint not null,
  oldest text,
  -- The highest number up to which every event is here.
  knows bigint not null,
  primary key (region, id)
);
create unique index visit_phone_by_token on visit_phone (region, token);
create index visit_phone_by_staff on visit_phone (region, staff, id);

-- Numbers of events that will never come, and who said so.
create table visit_lost (
  region text not null,
  phone bigint not null,
  from_number bigint not null,
  until_number bigint not null,
  who text not null,
  reason text not null,
  at text not null,
  primary key (region, phone, from_number, until_number)
) /*sqlite without rowid*/;

create table visit_code (
  region text not null,
  code text not null,
  staff bigint not null,
  account bigint not null,
  expires text not null,
  used text,
  primary key (region, code)
) /*sqlite without rowid*/;

create table visit_home (
  region text not null,
  elder bigint not null,
  latitude bigint,
  longitude bigint,
  source text not null,
  who text not null,
  at text,
  -- Which printing of the code at the door holds; 0 where none was printed.
  printing bigint not null,
  printed text,
  primary key (region, elder)
) /*sqlite without rowid*/;

create table visit_correction (
  region text not null,
  visit bigint not null,
  id bigint not null,
  field text not null,
  before text not null,
  after text not null,
  reason text not null,
  account bigint not null,
  who text not null,
  at text not null,
  due text not null,
  state text not null,
  second_account bigint,
  second_who text not null,
  second_at text,
  second_reason text not null,
  primary key (region, visit, id)
) /*sqlite without rowid*/;
create index visit_correction_open on visit_correction (region, due, id) where state = 'waiting';

create table visit_alarm (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  organisation bigint,
  event text not null,
  staff bigint not null,
  visit bigint,
  at text not null,
  received text not null,
  latitude bigint,
  longitude bigint,
  accuracy bigint,
  note text not null,
  state text not null,
  taken_by text not null,
  taken text,
  outcome text not null,
  closed text,
  primary key (region, id)
);
create unique index visit_alarm_by_event on visit_alarm (region, event);
create index visit_alarm_by_state on visit_alarm (region, state, id);

create table visit_conflict (
  region text not null,
  id bigint not null,
  elder bigint not null,
  event text not null,
  field text not null,
  before bytea not null,
  here bytea not null,
  theirs bytea not null,
  who text not null,
  at text not null,
  state text not null,
  decided_by text not null,
  decided text,
  primary key (region, id)
);
create unique index visit_conflict_by_event on visit_conflict (region, event);
create index visit_conflict_open on visit_conflict (region, id) where state = 'open';

-- Visits that are somebody else's now: their phone drops them.
create table visit_gone (
  region text not null,
  staff bigint not null,
  visit bigint not null,
  version bigint not null,
  primary key (region, staff, visit)
) /*sqlite without rowid*/;
