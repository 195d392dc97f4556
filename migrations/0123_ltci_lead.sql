-- Leads: what in a month's claims deserved a question, who was asked, what was answered and decided, what came back.

create table ltci_lead (
  region text not null,
  id bigint not null,
  month text not null,
  kind text not null,
  -- Tells one lead of a month from another: the same seen again is the same lead.
  digest text not null,
  provider bigint not null,
  elder bigint,
  carer text not null,
  day text not null,
  -- Numbers of the claims it was seen in, and what was seen in both languages.
  lines text not null,
  said text not null,
  said_en text not null,
  state text not null,
  found text not null,
  due_day text,
  -- What is to come back to the fund, fen, and when it did.
  recovery bigint not null,
  recovered_day text,
  primary key (region, id)
);
create unique index ltci_lead_once on ltci_lead (region, month, digest);
create index ltci_lead_by_state on ltci_lead (region, state, found, id);
create index ltci_lead_by_found on ltci_lead (region, found, id);
create index ltci_lead_by_provider on ltci_lead (region, provider, found, id);
create index ltci_lead_by_elder on ltci_lead (region, elder, id) where elder is not null;

-- What happened with a lead, never changed.
create table ltci_lead_step (
  region text not null,
  lead bigint not null,
  id bigint not null,
  at text not null,
  step text not null,
  words text not null,
  amount bigint not null,
  who text not null,
  account bigint not null,
  primary key (region, lead, id)
) /*sqlite without rowid*/;
