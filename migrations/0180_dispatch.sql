-- Dispatch: how an institution's staff get about, who travels together, and plans of days with what was decided before.

create table dispatch_setting (
  region text not null,
  organisation bigint not null,
  -- A word of the ways of travelling.
  travel text not null,
  -- What counts how much here, where it differs from policy: goal and minutes, as JSON.
  weights text not null,
  who text not null,
  changed text not null,
  primary key (region, organisation)
) /*sqlite without rowid*/;

create table dispatch_staff (
  region text not null,
  staff bigint not null,
  travel text not null,
  visits boolean not null,
  overtime_minutes bigint,
  -- Minutes of travel and care in a day, at most.
  longest_minutes bigint,
  who text not null,
  changed text not null,
  primary key (region, staff)
) /*sqlite without rowid*/;

-- Two who travel together.
create table dispatch_crew (
  region text not null,
  id bigint not null,
  organisation bigint not null,
  name text not null,
  first bigint not null,
  second bigint not null,
  created text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index dispatch_crew_by_organisation on dispatch_crew (organisation, region, id);

create table dispatch_plan (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  -- Nothing: all institutions of the county.
  organisation bigint,
  name text not null,
  first_day text not null,
  days bigint not null,
  -- By how many days a visit without an agreed time may move.
  flexible_days bigint not null,
  -- `draft`, `published`, `dropped`.
  state text not null,
  -- The plan of which this one asks what would be if; with what is changed, as JSON.
  asks_of bigint,
  what_if text not null,
  -- Who goes where and when, as JSON; and the number of changes made to it.
  draft text not null,
  steps bigint not null,
  -- What counts in it and in what it began with, as JSON.
  figures text not null,
  before text not null,
  -- The solver at work: the job, how far it came as JSON, and whether it is to stop.
  job bigint,
  progress text not null,
  stop boolean not null,
  account bigint not null,
  who text not null,
  created text not null,
  changed text not null,
  published text,
  published_who text not null,
  primary key (region, id)
);
create index dispatch_plan_by_day on dispatch_plan (region, first_day, id);
create index dispatch_plan_by_street on dispatch_plan (region, street, first_day, id);
create index dispatch_plan_by_organisation on dispatch_plan (organisation, region, first_day, id) where organisation is not null;

-- What the draft was before each change.
create table dispatch_step (
  region text not null,
  plan bigint not null,
  number bigint not null,
  draft text not null,
  said text not null,
  who text not null,
  at text not null,
  primary key (region, plan, number)
);
