-- Rounds and visits to elders in hardship: what is owed, what was done, who is away, who shares a home.

create table round_task (
  region text not null,
  id bigint not null,
  subject text not null,
  thing text not null,
  elder bigint,
  place text not null,
  street text not null,
  team bigint,
  organisation bigint,
  programme text not null,
  aim text not null,
  period_day text not null,
  beyond text not null,
  from_day text not null,
  by_day text not null,
  open boolean not null,
  ended text not null,
  done_day text,
  visit bigint,
  who text not null,
  reason text not null,
  source text not null,
  created text not null,
  primary key (region, id)
);
create unique index round_task_of_period on round_task (region, subject, thing, programme, period_day);
create index round_task_by_elder on round_task (region, elder, by_day, id) where elder is not null;
create index round_task_by_day on round_task (region, by_day, id);
create index round_task_by_street on round_task (region, street, by_day, id);
create index round_task_by_done on round_task (region, done_day, id) where done_day is not null;
create index round_task_open on round_task (region, by_day, id) where open = true;
create index round_task_by_period on round_task (region, beyond, id);
create index round_task_of_visit on round_task (region, visit, id) where visit is not null;

create table round_visit (
  region text not null,
  id bigint not null,
  task bigint not null,
  elder bigint,
  place text not null,
  street text not null,
  organisation bigint,
  day text not null,
  found text not null,
  systolic bigint,
  diastolic bigint,
  note text not null,
  follow text not null,
  follow_text text not null,
  follow_day text,
  follow_closed text,
  follow_result text not null,
  follow_who text not null,
  who text not null,
  account bigint,
  source text not null,
  created text not null,
  voided text,
  void_reason text not null,
  primary key (region, id)
);
create unique index round_visit_of_source on round_visit (region, source) where source <> '';
create index round_visit_by_task on round_visit (region, task, id);
create index round_visit_by_elder on round_visit (region, elder, day, id) where elder is not null;
create index round_visit_follow on round_visit (region, follow_day, id) where follow = 'open';

create table round_away (
  region text not null,
  id bigint not null,
  elder bigint not null,
  kind text not null,
  from_day text not null,
  until_day text,
  note text not null,
  who text not null,
  created text not null,
  primary key (region, id)
);
create index round_away_by_elder on round_away (region, elder, from_day, id);

create table round_home (
  region text not null,
  elder bigint not null,
  household bigint not null,
  since text not null,
  primary key (region, elder)
) /*sqlite without rowid*/;
create index round_home_by_household on round_home (region, household, elder);

create table round_run (
  region text not null,
  day text not null,
  primary key (region)
) /*sqlite without rowid*/;
