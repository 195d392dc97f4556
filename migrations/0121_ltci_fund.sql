-- What the long-term-care fund takes in and pays: contributions of the insured, and the book that income and spending move.

-- The base of a period, such as a month's wage, that contributions are taken of; 0 where none is known.
alter table ltci_kind add column base bigint not null default 0;

-- What was paid for one insured person and period by one purse. Never changed: what was wrong is put right by another entry.
create table ltci_contribution (
  region text not null,
  insured bigint not null,
  period text not null,
  purse text not null,
  -- Number of the voucher; one payment without a number for each period and purse.
  voucher text not null,
  id bigint not null,
  amount bigint not null,
  day text not null,
  source text not null,
  who text not null,
  at text not null,
  primary key (region, insured, period, purse, voucher)
);

-- The book of the fund. Append-only; `source` says what an entry comes from, and what comes twice is written once.
create table ltci_fund_entry (
  region text not null,
  id bigint not null,
  day text not null,
  kind text not null,
  -- Whose money came in; empty for spending.
  purse text not null,
  -- For what was spent; empty for income.
  mode text not null,
  grade bigint not null,
  -- Whole fen; negative where something is given back.
  amount bigint not null,
  -- How many recipient-months it pays for.
  months bigint not null,
  source text not null,
  who text not null,
  at text not null,
  primary key (region, id)
);
create unique index ltci_fund_entry_by_source on ltci_fund_entry (region, source);
create index ltci_fund_entry_by_day on ltci_fund_entry (region, day, id);

-- The same by month, moved with each entry.
create table ltci_fund_total (
  region text not null,
  month text not null,
  kind text not null,
  purse text not null,
  mode text not null,
  grade bigint not null,
  amount bigint not null,
  months bigint not null,
  primary key (region, month, kind, purse, mode, grade)
) /*sqlite without rowid*/;
