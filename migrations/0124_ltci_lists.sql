-- Who owes contributions, and with whom people are insured: what lists show, moved with each payment and each change of an
-- enrolment, and by night when a period is over.

-- From this day on an enrolment is to be looked at anew: a period is over or another kind holds. Empty: at once.
alter table ltci_insured add column look_day text not null default '';
-- With whom somebody is counted; nobody has counted them yet where it is null.
alter table ltci_insured add column unit bigint;
create index ltci_insured_by_look on ltci_insured (region, look_day, id);
create index ltci_insured_by_employer on ltci_insured (region, employer, initials, id);

-- An employer or village, and how many are insured there today; without a name: those of whom none is known.
create table ltci_unit (
  region text not null,
  id bigint not null,
  name text not null,
  initials text not null,
  insured bigint not null,
  employee bigint not null,
  retiree bigint not null,
  flexible bigint not null,
  resident bigint not null,
  minor bigint not null,
  -- How many owe, and how much in fen.
  debtors bigint not null,
  owed bigint not null,
  primary key (region, id)
);
create unique index ltci_unit_by_name on ltci_unit (region, name);
create index ltci_unit_by_initials on ltci_unit (region, initials, id);
create index ltci_unit_by_insured on ltci_unit (region, insured, id);
create index ltci_unit_by_owed on ltci_unit (region, owed, id);

-- Who owes for periods that are over; `kind` as of today, empty for who is insured no longer.
create table ltci_arrears (
  region text not null,
  insured bigint not null,
  kind text not null,
  -- The earliest period that is not paid, and how many there are.
  since text not null,
  periods bigint not null,
  owed bigint not null,
  primary key (region, insured)
) /*sqlite without rowid*/;
create index ltci_arrears_by_owed on ltci_arrears (region, owed, insured);
create index ltci_arrears_by_since on ltci_arrears (region, since, insured);
create index ltci_arrears_by_kind on ltci_arrears (region, kind, owed, insured);

-- The same by kind, moved with each.
create table ltci_arrears_total (
  region text not null,
  kind text not null,
  persons bigint not null,
  owed bigint not null,
  primary key (region, kind)
) /*sqlite without rowid*/;

-- By which rates the arrears of a county were reckoned: a digest. Others, by a document that came late, and all are looked at.
create table ltci_arrears_rates (
  region text not null,
  rates text not null,
  primary key (region)
) /*sqlite without rowid*/;
