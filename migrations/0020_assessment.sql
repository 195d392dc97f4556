-- Assessments: application, course, answers, result, notice and validity; answers item by item, history, evidence.

create table assessment (
  region text not null,
  id bigint not null,
  elder bigint not null,
  provider bigint,
  programme text not null,
  instrument text not null,
  edition text not null,
  digest text not null,
  reason text not null,
  state text not null,
  applicant text not null,
  applicant_name text not null,
  disabled_since text,
  site text not null,
  informant text not null,
  remark text not null,
  self_rating text,
  applied text not null,
  accepted text,
  due_day text,
  planned_day text,
  planned_time text not null,
  assessor_1 bigint,
  assessor_1_name text not null,
  assessor_2 bigint,
  assessor_2_name text not null,
  signed_1 text,
  signature_1 bigint,
  signed_2 text,
  signature_2 bigint,
  started text,
  ended text,
  facts text not null,
  answers text,
  result text,
  level text not null,
  level_name text not null,
  total text not null,
  reviewer bigint,
  reviewer_name text not null,
  concluded text,
  because text not null,
  notice_from text,
  notice_until text,
  objection_until text,
  valid_from text,
  valid_until text,
  supersedes bigint,
  superseded_by bigint,
  tier text,
  primary key (region, id)
);
create index assessment_by_elder on assessment (region, elder, id);
create index assessment_by_state on assessment (region, state, id);
create index assessment_by_due on assessment (region, due_day, id) where due_day is not null;
create index assessment_by_applied on assessment (region, applied, id);
create index assessment_by_validity on assessment (region, valid_until, id) where valid_until is not null;
create index assessment_by_assessor_1 on assessment (assessor_1, state) where assessor_1 is not null;
create index assessment_by_assessor_2 on assessment (assessor_2, state) where assessor_2 is not null;
create index assessment_on_notice on assessment (notice_until) where state = 'on_notice';
create index assessment_in_force on assessment (valid_until) where state = 'effective';

-- Every answer as soon as it is given; the newest counts, the row says who gave it and when.
create table assessment_answer (
  region text not null,
  assessment bigint not null,
  item text not null,
  score text not null,
  account bigint not null,
  at text not null,
  primary key (region, assessment, item)
) /*sqlite without rowid*/;

create table assessment_event (
  region text not null,
  assessment bigint not null,
  id bigint not null,
  at text not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  account bigint,
  who text not null,
  reason text not null,
  primary key (region, assessment, id)
) /*sqlite without rowid*/;

create table assessment_evidence (
  region text not null,
  assessment bigint not null,
  id bigint not null,
  kind text not null,
  file bigint not null,
  note text not null,
  account bigint not null,
  who text not null,
  at text not null,
  primary key (region, assessment, id)
) /*sqlite without rowid*/;
