-- Care plans: one open plan an elder, its versions, its lines with the versions they hold in, who signed which version, what was
-- done, what other programmes promised, and who has a tier of care.

create table care_plan (
  region text not null,
  id bigint not null,
  elder bigint not null,
  -- Whom it was made for: another record than `elder` where the two were merged since.
  made_for bigint not null,
  state text not null,
  phase text not null,
  version bigint not null,
  from_day text,
  -- The first day on which it no longer runs.
  until_day text,
  review_day text not null,
  -- What the elder wishes, in their words.
  wishes text not null,
  -- What the draft rested on, as JSON, and the policy values.
  facts text not null,
  because text not null,
  ended_reason text not null,
  ended_note text not null,
  who text not null,
  created text not null,
  primary key (region, id),
  constraint care_plan_has_days check (until_day is null or from_day is null or from_day <= until_day)
);
-- One plan that is drafted, agreed or in force: two are refused, whatever a page or an import tries.
create unique index care_plan_alone on care_plan (region, elder) where state <> 'ended';
create index care_plan_by_elder on care_plan (region, elder, id);
create index care_plan_by_review on care_plan (region, state, review_day, id);

create table care_plan_version (
  region text not null,
  plan bigint not null,
  version bigint not null,
  day text not null,
  -- draft, change, phase or review.
  kind text not null,
  phase text not null,
  review_day text not null,
  reason text not null,
  who text not null,
  at text not null,
  primary key (region, plan, version)
);

-- A line holds from a version on until the first version without it; one that is changed goes on under its number.
create table care_plan_line (
  region text not null,
  plan bigint not null,
  line bigint not null,
  from_version bigint not null,
  until_version bigint,
  -- problem, goal or service.
  kind text not null,
  code text not null,
  -- The code of the problem it belongs to, where it is a goal.
  problem text not null,
  title text not null,
  title_en text not null,
  times bigint not null,
  every text not null,
  professions text not null,
  payer text not null,
  place text not null,
  minutes bigint not null,
  covered_by text not null,
  why text not null,
  why_en text not null,
  primary key (region, plan, line, from_version)
);

create table care_plan_signature (
  region text not null,
  plan bigint not null,
  version bigint not null,
  -- doctor, self, family or guardian.
  role text not null,
  name text not null,
  picture bigint,
  at text not null,
  primary key (region, plan, version, role)
);

-- What was done, each piece once by the word of the visit that tells of it.
create table care_plan_given (
  region text not null,
  plan bigint not null,
  source text not null,
  -- `line:12`, or the duty of another programme that was done along with it.
  due text not null,
  day text not null,
  who text not null,
  primary key (region, plan, source, due)
) /*sqlite without rowid*/;

-- Which of what is due somebody has planned a visit for.
create table care_plan_planned (
  region text not null,
  plan bigint not null,
  due text not null,
  day text not null,
  visit text not null,
  who text not null,
  at text not null,
  primary key (region, plan, due)
) /*sqlite without rowid*/;

-- What a programme that comes after this one promises an elder.
create table care_plan_outside (
  region text not null,
  elder bigint not null,
  source text not null,
  service text not null,
  title text not null,
  title_en text not null,
  times bigint not null,
  every text not null,
  professions text not null,
  payer text not null,
  minutes bigint not null,
  from_day text not null,
  -- The last day of the next one, where it is counted from the one before.
  next_by text,
  link text not null,
  primary key (region, elder, source, service)
);

-- Who has been given a tier of care or a level, for the list of those without a plan.
create table care_plan_subject (
  region text not null,
  elder bigint not null,
  tier bigint not null,
  tier_name text not null,
  level_name text not null,
  since text not null,
  primary key (region, elder)
);
create index care_plan_subject_by_tier on care_plan_subject (region, tier, elder);
