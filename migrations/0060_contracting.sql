-- Contracting: who signed with which family-doctor team, what was promised and what was done, refusals, renewals that failed.

-- The policy values that contracts rest on, said once: thousands are signed under the same.
create table contract_reasons (
  region text not null,
  digest text not null,
  because text not null,
  primary key (region, digest)
);

create table contract (
  region text not null,
  id bigint not null,
  elder bigint not null,
  team bigint not null,
  from_day text not null,
  -- The first day on which it no longer runs: as agreed, or earlier where it was ended.
  until_day text not null,
  -- `until_day` of the elder's contract before this one, none for the first. With the keys below, the contracts of an elder
  -- are a chain in which no day belongs to two of them, whatever a page or an import tries.
  before_day text,
  packages text not null,
  way text not null,
  signer text not null,
  signer_name text not null,
  signature bigint,
  paper bigint,
  account bigint not null,
  doctor_name text not null,
  signed text not null,
  fee bigint not null,
  -- Which of `contract_reasons`.
  reasons text not null,
  ended_reason text not null,
  ended_note text not null,
  promised bigint not null,
  done bigint not null,
  served_day text,
  idle_day text not null,
  primary key (region, id),
  constraint contract_ends_once unique (region, elder, until_day),
  constraint contract_follows_one unique (region, elder, before_day),
  constraint contract_chain foreign key (region, elder, before_day) references contract (region, elder, until_day) on update cascade,
  constraint contract_has_days check (from_day < until_day),
  constraint contract_alone check (before_day is null or before_day <= from_day)
);
create unique index contract_first on contract (region, elder) where before_day is null;
create index contract_by_elder on contract (region, elder, from_day);
create index contract_by_until on contract (region, until_day, id);
create index contract_by_team on contract (region, team, until_day);

-- With which team, from which day on: a change of team does not end the contract.
create table contract_team (
  region text not null,
  contract bigint not null,
  from_day text not null,
  team bigint not null,
  primary key (region, contract, from_day)
) /*sqlite without rowid*/;

create table contract_item (
  region text not null,
  contract bigint not null,
  service text not null,
  id bigint not null,
  times bigint not null,
  done bigint not null,
  last_day text,
  primary key (region, contract, service)
) /*sqlite without rowid*/;

-- What was done, each piece once by the word of whoever reports it.
create table contract_service (
  region text not null,
  contract bigint not null,
  source text not null,
  service text not null,
  day text not null,
  who text not null,
  note text not null,
  at text not null,
  primary key (region, contract, source)
) /*sqlite without rowid*/;

create table contract_refusal (
  region text not null,
  elder bigint not null,
  id bigint not null,
  day text not null,
  reason text not null,
  note text not null,
  who text not null,
  primary key (region, elder, id)
) /*sqlite without rowid*/;

-- Who was asked for in a renewal and dropped out, and why.
create table contract_dropped (
  region text not null,
  contract bigint not null,
  elder bigint not null,
  id bigint not null,
  at text not null,
  who text not null,
  why text not null,
  primary key (region, contract)
) /*sqlite without rowid*/;
