-- Chinese medicine for elders: what a questionnaire concluded and the advice given; the techniques a centre offers.

create table tcm_record (
  region text not null,
  id bigint not null,
  elder bigint not null,
  assessment bigint not null,
  day text not null,
  state text not null,
  types text not null,
  leading_types text not null,
  constitution text not null,
  decided_by text not null,
  reason text not null,
  again_day text,
  advice text,
  advice_note text not null,
  advised text,
  doctor text not null,
  created text not null,
  primary key (region, id)
);
create unique index tcm_record_of_assessment on tcm_record (region, assessment);
create index tcm_record_by_elder on tcm_record (region, elder, day, id);
create index tcm_record_by_day on tcm_record (region, day, id);
create index tcm_record_by_state on tcm_record (region, state, day, id);

create table tcm_technique (
  region text not null,
  organisation bigint not null,
  technique text not null,
  since text not null,
  who text not null,
  primary key (region, organisation, technique)
) /*sqlite without rowid*/;
