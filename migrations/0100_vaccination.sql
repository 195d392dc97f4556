-- Vaccination: batches, doses, refusals, adverse events, and who is to be invited.

create table vaccination_batch (
  region text not null,
  id bigint not null,
  vaccine text not null,
  batch text not null,
  maker text not null,
  expires text not null,
  received bigint not null,
  account bigint not null,
  who text not null,
  created text not null,
  place text not null,
  recalled text,
  recall_reason text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create unique index vaccination_batch_by_number on vaccination_batch (region, vaccine, batch, maker, place);

create table vaccination_dose (
  region text not null,
  id bigint not null,
  elder bigint not null,
  vaccine text not null,
  number bigint not null,
  day text not null,
  batch bigint,
  batch_number text not null,
  maker text not null,
  expires text not null,
  site text not null,
  free boolean not null,
  place text not null,
  vaccinator text not null,
  account bigint not null,
  consent bigint,
  answers text not null,
  source text not null,
  remark text not null,
  created text not null,
  voided text,
  void_reason text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index vaccination_dose_by_elder on vaccination_dose (region, elder, vaccine, day);
create index vaccination_dose_by_day on vaccination_dose (region, day, id);
create index vaccination_dose_by_batch on vaccination_dose (region, batch_number, id);

create table vaccination_refusal (
  region text not null,
  id bigint not null,
  elder bigint not null,
  vaccine text not null,
  day text not null,
  kind text not null,
  reason text not null,
  until_day text,
  account bigint not null,
  who text not null,
  created text not null,
  voided text,
  primary key (region, id)
) /*sqlite without rowid*/;
create index vaccination_refusal_by_elder on vaccination_refusal (region, elder, vaccine, id);

create table vaccination_event (
  region text not null,
  id bigint not null,
  elder bigint not null,
  dose bigint not null,
  vaccine text not null,
  day text not null,
  grade text not null,
  what text not null,
  outcome text not null,
  report_until text not null,
  reported text,
  reported_to text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, id)
);
create index vaccination_event_by_elder on vaccination_event (region, elder, id);
create index vaccination_event_open on vaccination_event (region, report_until, id) where reported is null;

create table vaccination_invitation (
  region text not null,
  elder bigint not null,
  vaccine text not null,
  id bigint not null,
  day text not null,
  number bigint not null,
  free boolean not null,
  state text not null,
  said text not null,
  primary key (region, elder, vaccine)
) /*sqlite without rowid*/;
create index vaccination_invitation_by_day on vaccination_invitation (region, vaccine, state, day, id);
