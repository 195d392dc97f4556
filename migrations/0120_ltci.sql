-- Long-term-care insurance: who is insured, who asked for benefit and what was decided, whose benefit runs, and who may give
-- care for the fund.
--
-- What is dated is kept as steps: a row holds from its day until the day of the next row with the same key, and a row
-- without a value ends what was. So nobody is insured twice, has two benefits or two providers on any day, whatever a page or
-- an import tries.

-- A person who is insured; `elder` where the register of elders has them too.
create table ltci_insured (
  region text not null,
  id bigint not null,
  elder bigint,
  name text not null,
  initials text not null,
  id_number bytea not null,
  id_blind bytea not null,
  employer text not null,
  -- What holds today, moved along by night, for lists.
  kind text not null,
  source text not null,
  created text not null,
  changed text not null,
  primary key (region, id)
);
create unique index ltci_insured_by_number on ltci_insured (region, id_blind);
create unique index ltci_insured_by_elder on ltci_insured (region, elder) where elder is not null;
create index ltci_insured_by_initials on ltci_insured (region, initials, id);
create index ltci_insured_by_kind on ltci_insured (region, kind, initials, id);

-- As what somebody is insured; without a kind: no longer.
create table ltci_kind (
  region text not null,
  insured bigint not null,
  from_day text not null,
  kind text,
  source text not null,
  primary key (region, insured, from_day)
) /*sqlite without rowid*/;
create index ltci_kind_by_day on ltci_kind (region, from_day, insured);

create table ltci_application (
  region text not null,
  id bigint not null,
  elder bigint not null,
  applicant text not null,
  applicant_name text not null,
  -- A word of a way of care, and who is to give it; nobody where the family does.
  mode text not null,
  provider bigint,
  bonus text not null,
  note text not null,
  state text not null,
  assessment bigint,
  grade bigint,
  applied text not null,
  -- The last day to decide, in working days from the conclusion of the assessment.
  due_day text,
  decided_day text,
  decided_by text not null,
  -- Words of the reasons against, or the reason for which it was not taken up.
  reason text not null,
  reason_note text not null,
  -- Of the policy module, with every value it rests on.
  decision text not null,
  account bigint not null,
  primary key (region, id)
);
create index ltci_application_by_elder on ltci_application (region, elder, id);
create index ltci_application_by_applied on ltci_application (region, applied, id);
create index ltci_application_by_state on ltci_application (region, state, applied, id);
create unique index ltci_application_open on ltci_application (region, elder) where state in ('assessing', 'deciding');

create table ltci_benefit (
  region text not null,
  elder bigint not null,
  from_day text not null,
  id bigint not null,
  -- Without a grade there is no benefit from this day.
  grade bigint,
  mode text not null,
  provider bigint,
  bonus text not null,
  application bigint,
  assessment bigint,
  -- Why it began, changed or ended.
  reason text not null,
  note text not null,
  decision text not null,
  who text not null,
  at text not null,
  primary key (region, elder, from_day)
);
create index ltci_benefit_by_provider on ltci_benefit (region, provider, from_day) where provider is not null;
create index ltci_benefit_by_day on ltci_benefit (region, from_day, elder);

-- Whose benefit runs today, for lists and counts; moved along by night.
create table ltci_recipient (
  region text not null,
  elder bigint not null,
  since text not null,
  grade bigint not null,
  mode text not null,
  provider bigint,
  paused text not null,
  -- The last day of the conclusion it rests on.
  valid_until text,
  primary key (region, elder)
);
create index ltci_recipient_by_since on ltci_recipient (region, since, elder);
create index ltci_recipient_by_provider on ltci_recipient (region, provider, since) where provider is not null;
create index ltci_recipient_by_valid on ltci_recipient (region, valid_until, elder) where valid_until is not null;

-- A stretch without benefit, such as a stay in hospital; without a reason it goes on again.
create table ltci_pause (
  region text not null,
  elder bigint not null,
  from_day text not null,
  reason text,
  note text not null,
  who text not null,
  at text not null,
  primary key (region, elder, from_day)
) /*sqlite without rowid*/;
create index ltci_pause_by_day on ltci_pause (region, from_day, elder);

-- The agreement of an institution with the agency; without a number there is none from this day.
create table ltci_agreement (
  region text not null,
  organisation bigint not null,
  from_day text not null,
  number text,
  -- 1 to 3, and the ways of care it is for.
  level bigint not null,
  modes text not null,
  capacity bigint not null,
  reason text not null,
  who text not null,
  at text not null,
  primary key (region, organisation, from_day)
) /*sqlite without rowid*/;
create index ltci_agreement_by_day on ltci_agreement (region, from_day, organisation);

-- A stretch in which an institution with an agreement may not take anybody on and is not paid; without a reason it may again.
create table ltci_suspension (
  region text not null,
  organisation bigint not null,
  from_day text not null,
  reason text,
  note text not null,
  who text not null,
  at text not null,
  primary key (region, organisation, from_day)
) /*sqlite without rowid*/;

-- An institution with an agreement, as of today, for lists; moved along by night.
create table ltci_provider (
  region text not null,
  organisation bigint not null,
  name text not null,
  initials text not null,
  place text not null,
  state text not null,
  number text not null,
  level bigint not null,
  modes text not null,
  capacity bigint not null,
  since text not null,
  until_day text,
  evaluated text not null,
  primary key (region, organisation)
);
create index ltci_provider_by_initials on ltci_provider (region, initials, organisation);
create index ltci_provider_by_until on ltci_provider (region, until_day, organisation) where until_day is not null;

-- Which insurer handles a county or a part of it, from a day.
create table ltci_handler (
  region text not null,
  place text not null,
  from_day text not null,
  insurer text,
  who text not null,
  at text not null,
  primary key (region, place, from_day)
) /*sqlite without rowid*/;

create table ltci_evaluation (
  region text not null,
  organisation bigint not null,
  year bigint not null,
  points bigint not null,
  result text not null,
  remark text not null,
  who text not null,
  at text not null,
  primary key (region, organisation, year)
) /*sqlite without rowid*/;

-- Who gives care for an institution with an agreement: staff of the register, or a relative trained for one elder.
create table ltci_carer (
  region text not null,
  id bigint not null,
  organisation bigint not null,
  staff bigint,
  elder bigint,
  name text not null,
  initials text not null,
  qualification text not null,
  -- Number of the certificate or of the filing.
  number text not null,
  from_day text not null,
  until_day text,
  reason text not null,
  account bigint not null,
  created text not null,
  primary key (region, id)
);
create index ltci_carer_by_organisation on ltci_carer (region, organisation, initials, id);
create index ltci_carer_by_staff on ltci_carer (region, staff) where staff is not null;
create unique index ltci_carer_by_number on ltci_carer (region, organisation, number, qualification, from_day);

-- What care a recipient is to have, from a day on: how often each service of the catalogue is done.
create table ltci_plan (
  region text not null,
  elder bigint not null,
  from_day text not null,
  provider bigint,
  review_day text not null,
  goals text not null,
  -- Minutes of an ordinary week and month, as weighed when it was made.
  per_week bigint not null,
  per_month bigint not null,
  cost bigint not null,
  who text not null,
  at text not null,
  primary key (region, elder, from_day)
) /*sqlite without rowid*/;

create table ltci_plan_item (
  region text not null,
  elder bigint not null,
  from_day text not null,
  service text not null,
  times bigint not null,
  every text not null,
  minutes bigint not null,
  price bigint not null,
  primary key (region, elder, from_day, service)
) /*sqlite without rowid*/;
