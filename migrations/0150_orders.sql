-- Orders of services at home: what was ordered for whom, who goes, what it came to; first assessments; applicants of the action
-- for disabled elders.

create table home_order (
  region text not null,
  id bigint not null,
  elder bigint not null,
  -- The record it was placed for, which a merging does not change.
  placed_for bigint not null,
  institution bigint not null,
  service text not null,
  -- The service as the catalogue had it that day, as JSON.
  terms text not null,
  name text not null,
  name_en text not null,
  class text not null,
  state text not null,
  channel text not null,
  account bigint not null,
  placed_by text not null,
  placed text not null,
  -- Until then the institution answers.
  answer_by text not null,
  -- The days on which it was accepted, refused (and why, as a word) and rated.
  accepted text,
  refused text,
  refused_why text not null,
  rated text,
  day text not null,
  part text not null,
  -- Minute of the day, where a time was wished for.
  from_minute bigint,
  people bigint not null,
  carer boolean not null,
  verdict text not null,
  answers text not null,
  conditions text not null,
  consent text not null,
  consent_signer text not null,
  consent_name text not null,
  -- How it was agreed to: `account` of the elder or family, or `drawn`; empty while neither was.
  consent_by text not null,
  consent_at text,
  consent_account bigint,
  consent_who text not null,
  -- The picture of the signature.
  consent_file bigint,
  quote text not null,
  amount bigint not null,
  person bigint not null,
  -- For an elder in need who has no home bed.
  without_bed boolean not null,
  note text not null,
  staff bigint,
  staff_name text not null,
  second bigint,
  second_name text not null,
  departed text,
  done_day text,
  done_source text not null,
  done_note text not null,
  -- Whether it was done on the day and at the time of day agreed on.
  on_time boolean,
  bill bigint,
  -- Numbers of the bills that were taken back with a visit, as JSON.
  former_bills text not null,
  charge_note text not null,
  rating bigint,
  rating_words text not null,
  complaint boolean not null,
  complaint_answer text not null,
  ended_reason text not null,
  primary key (region, id)
);
create index home_order_by_elder on home_order (region, elder, day, id);
create index home_order_by_day on home_order (region, day, id);
create index home_order_by_state on home_order (region, state, day, id);
create index home_order_by_institution on home_order (region, institution, day, id);

-- Everything that happened to an order.
create table home_order_step (
  region text not null,
  home_order bigint not null,
  id bigint not null,
  at text not null,
  who text not null,
  said text not null,
  primary key (region, home_order, id)
) /*sqlite without rowid*/;

-- Who was assessed face to face before services at home, and by whom.
create table home_assessed (
  region text not null,
  elder bigint not null,
  id bigint not null,
  day text not null,
  who text not null,
  note text not null,
  primary key (region, elder, id)
) /*sqlite without rowid*/;

-- Disabled elders for whom the yearly service was applied.
create table home_applicant (
  region text not null,
  elder bigint not null,
  id bigint not null,
  applied text not null,
  who text not null,
  last_day text,
  ended text,
  primary key (region, elder)
);
create index home_applicant_by_day on home_applicant (region, applied, id);
