-- Settlement of long-term-care insurance: what providers claim, the runs over a month with a verdict for each line, what is
-- reviewed and objected to, what is paid, and what elders say did not happen.

-- One thing that a provider claims: a service at one time, or a day in its bed.
create table ltci_claim (
  region text not null,
  id bigint not null,
  -- The institution; 0 where the family arranges the care.
  provider bigint not null,
  -- The provider's own number: the same again is the same line.
  number text not null,
  elder bigint not null,
  month text not null,
  day text not null,
  mode text not null,
  service text not null,
  claimed bigint not null,
  -- Minutes from midnight.
  begin_minute bigint,
  minutes bigint not null,
  is_second boolean not null,
  -- Number of the carer, as claimed.
  carer text not null,
  began text,
  ended text,
  -- Millionths of a degree.
  latitude bigint,
  longitude bigint,
  position_source text not null,
  photo text not null,
  source text not null,
  state text not null,
  account bigint not null,
  created text not null,
  primary key (region, id)
);
create unique index ltci_claim_by_number on ltci_claim (region, provider, number);
create index ltci_claim_by_month on ltci_claim (region, month, elder, day, id);
create index ltci_claim_by_day on ltci_claim (region, day, id);
create index ltci_claim_by_provider on ltci_claim (region, provider, day, id);
create index ltci_claim_by_elder on ltci_claim (region, elder, day, id);

-- A run over the claims of a month. The latest that is confirmed is what holds; a draft may be computed anew.
create table ltci_settlement (
  region text not null,
  id bigint not null,
  month text not null,
  run bigint not null,
  as_of text not null,
  state text not null,
  persons bigint not null,
  lines bigint not null,
  claimed bigint not null,
  fund bigint not null,
  person bigint not null,
  borne bigint not null,
  pending bigint not null,
  bonus bigint not null,
  -- Digest of every fact and verdict: the same facts give the same.
  digest text not null,
  policy_digest text not null,
  -- The policy values it rests on, each with its document and the days on which it held.
  policy text not null,
  account bigint not null,
  created text not null,
  confirmed_by text not null,
  confirmed text,
  primary key (region, id)
);
create unique index ltci_settlement_by_run on ltci_settlement (region, month, run);
create unique index ltci_settlement_draft on ltci_settlement (region, month) where state = 'draft';
create index ltci_settlement_by_month on ltci_settlement (region, month, id);

-- A recipient's month in a run: the facts it was judged by, and money in the place of more hours.
create table ltci_settled (
  region text not null,
  settlement bigint not null,
  elder bigint not null,
  bonus bigint not null,
  facts text not null,
  primary key (region, settlement, elder)
);

-- What became of a line in a run; `borne` is what the provider may ask of nobody.
create table ltci_verdict (
  region text not null,
  settlement bigint not null,
  claim bigint not null,
  elder bigint not null,
  provider bigint not null,
  day text not null,
  claimed bigint not null,
  fund bigint not null,
  person bigint not null,
  borne bigint not null,
  pending bigint not null,
  minutes bigint not null,
  bonus_minutes bigint not null,
  -- What was known of the line: level of the provider, what the carer was, evidence missing.
  facts text not null,
  deductions text not null,
  undecided text not null,
  primary key (region, settlement, claim)
) /*sqlite without rowid*/;
create index ltci_verdict_by_provider on ltci_verdict (region, settlement, provider, claim);
create index ltci_verdict_by_elder on ltci_verdict (region, settlement, elder, claim);

-- A line drawn for review, and what came of it.
create table ltci_sample (
  region text not null,
  claim bigint not null,
  id bigint not null,
  settlement bigint not null,
  month text not null,
  provider bigint not null,
  state text not null,
  -- What the fund does not pay after all.
  deducted bigint not null,
  reason text not null,
  who text not null,
  at text not null,
  primary key (region, claim)
);
create index ltci_sample_by_settlement on ltci_sample (region, settlement, state, id);
create index ltci_sample_by_month on ltci_sample (region, month, claim);

create table ltci_objection (
  region text not null,
  id bigint not null,
  claim bigint not null,
  settlement bigint not null,
  month text not null,
  provider bigint not null,
  state text not null,
  reason text not null,
  raised_by text not null,
  raised text not null,
  due_day text not null,
  answer text not null,
  -- Numbers of the rules that do not count for the line any more.
  waived text not null,
  answered_by text not null,
  answered text,
  primary key (region, id)
);
create unique index ltci_objection_open on ltci_objection (region, claim) where state = 'open';
create index ltci_objection_by_claim on ltci_objection (region, claim, id);
create index ltci_objection_by_state on ltci_objection (region, state, due_day, id);
create index ltci_objection_by_month on ltci_objection (region, month, claim);

-- What goes to a provider or, where `elder` is named, to a person; below zero it comes back.
create table ltci_payment (
  region text not null,
  id bigint not null,
  settlement bigint not null,
  month text not null,
  provider bigint not null,
  elder bigint,
  kind text not null,
  amount bigint not null,
  state text not null,
  created_day text not null,
  paid_day text,
  reference text not null,
  who text not null,
  primary key (region, id)
);
create unique index ltci_payment_to_provider on ltci_payment (region, settlement, provider) where elder is null;
create unique index ltci_payment_to_person on ltci_payment (region, settlement, elder) where elder is not null;
create index ltci_payment_by_state on ltci_payment (region, state, month, id);
create index ltci_payment_by_month on ltci_payment (region, month, id);
create index ltci_payment_by_provider on ltci_payment (region, provider, month, id);

-- For what a payment is, by way of care and grade: what the book of the fund takes in when it is made.
create table ltci_payment_part (
  region text not null,
  payment bigint not null,
  mode text not null,
  grade bigint not null,
  amount bigint not null,
  -- Recipient-months it pays for.
  months bigint not null,
  primary key (region, payment, mode, grade)
) /*sqlite without rowid*/;

-- Months that would come out otherwise today; found by night.
create table ltci_redo (
  region text not null,
  month text not null,
  id bigint not null,
  lines bigint not null,
  difference bigint not null,
  found text not null,
  primary key (region, month)
);

-- A service that, as the elder or the family says, did not happen. The provider never learns who said so.
create table ltci_complaint (
  region text not null,
  id bigint not null,
  claim bigint not null,
  elder bigint not null,
  provider bigint not null,
  said text not null,
  state text not null,
  caller text not null,
  account bigint not null,
  created text not null,
  finding text not null,
  closed_by text not null,
  closed text,
  primary key (region, id)
);
create unique index ltci_complaint_open on ltci_complaint (region, claim) where state = 'open';
create index ltci_complaint_by_state on ltci_complaint (region, state, id);
create index ltci_complaint_by_elder on ltci_complaint (region, elder, id);
