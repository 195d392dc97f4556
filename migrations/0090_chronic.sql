-- Chronic diseases: who has which, visits and what they say, referrals, medicines, checks, and who is to be measured.

create table chronic_disease (
  region text not null,
  id bigint not null,
  elder bigint not null,
  kind text not null,
  icd text not null,
  diagnosed text not null,
  diagnosed_by text not null,
  registered text not null,
  remark text not null,
  account bigint not null,
  who text not null,
  ended text,
  end_reason text not null,
  created text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create unique index chronic_disease_open on chronic_disease (region, elder, kind) where ended is null;
create index chronic_disease_by_elder on chronic_disease (region, elder, id);

create table chronic_care (
  region text not null,
  elder bigint not null,
  hypertension boolean not null,
  diabetes boolean not null,
  other text not null,
  due_day text,
  due_why text not null,
  last_day text,
  systolic bigint,
  diastolic bigint,
  fasting bigint,
  class_hypertension text not null,
  class_diabetes text not null,
  referral_until text,
  primary key (region, elder)
) /*sqlite without rowid*/;
create index chronic_care_by_due on chronic_care (region, due_day, elder) where due_day is not null;

create table chronic_visit (
  region text not null,
  id bigint not null,
  elder bigint not null,
  day text not null,
  mode text not null,
  systolic bigint,
  diastolic bigint,
  fasting bigint,
  glucose bigint,
  heart_rate bigint,
  temperature bigint,
  height bigint,
  weight bigint,
  waist bigint,
  cigarettes bigint,
  alcohol bigint,
  exercise bigint,
  salt text not null,
  adherence text not null,
  foot text not null,
  signs text not null,
  adverse boolean not null,
  adverse_text text not null,
  complication boolean not null,
  complication_text text not null,
  medicines text not null,
  step text not null,
  next_day text not null,
  judged text not null,
  remark text not null,
  account bigint not null,
  who text not null,
  created text not null,
  voided text,
  void_reason text not null,
  primary key (region, id)
);
create index chronic_visit_by_elder on chronic_visit (region, elder, day, id);
create index chronic_visit_by_day on chronic_visit (region, day, id);

create table chronic_verdict (
  region text not null,
  visit bigint not null,
  disease text not null,
  elder bigint not null,
  day text not null,
  class text not null,
  step text not null,
  controlled boolean,
  face_to_face boolean not null,
  primary key (region, visit, disease)
) /*sqlite without rowid*/;
create index chronic_verdict_by_elder on chronic_verdict (region, elder, disease, day);

create table chronic_referral (
  region text not null,
  id bigint not null,
  elder bigint not null,
  visit bigint not null,
  day text not null,
  urgent boolean not null,
  reason text not null,
  hospital text not null,
  follow_until text not null,
  account bigint not null,
  who text not null,
  closed text,
  result text not null,
  closed_by text not null,
  primary key (region, id)
);
create index chronic_referral_open on chronic_referral (region, follow_until, id) where closed is null;
create index chronic_referral_by_elder on chronic_referral (region, elder, id);

create table chronic_medicine (
  region text not null,
  id bigint not null,
  elder bigint not null,
  name text not null,
  dose text not null,
  times text not null,
  since text not null,
  until text,
  reason text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index chronic_medicine_by_elder on chronic_medicine (region, elder, id);

create table chronic_check (
  region text not null,
  elder bigint not null,
  day text not null,
  place text not null,
  account bigint not null,
  who text not null,
  primary key (region, elder, day)
) /*sqlite without rowid*/;

create table chronic_measure (
  region text not null,
  id bigint not null,
  elder bigint not null,
  day text not null,
  systolic bigint,
  diastolic bigint,
  fasting bigint,
  height bigint,
  weight bigint,
  waist bigint,
  family boolean,
  drinks boolean,
  source text not null,
  account bigint not null,
  who text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index chronic_measure_by_elder on chronic_measure (region, elder, day, id);

create table chronic_screening (
  region text not null,
  elder bigint not null,
  kind text not null,
  id bigint not null,
  day text not null,
  cause text not null,
  reasons text not null,
  last_day text not null,
  last_value text not null,
  primary key (region, elder, kind)
) /*sqlite without rowid*/;
create index chronic_screening_by_day on chronic_screening (region, kind, day, id);
