-- Prices and charges: a city's own catalogue, visit fees that institutions set, who paid for a service, bills and their entries,
-- prepayments, and the books of income.
--
-- What is dated is kept as steps: a row holds from its day until the next with the same key. Bills, prepayments and books are
-- entries: none is changed or taken out, a mistake is corrected by another.

create table tariff_price (
  region text not null,
  id bigint not null,
  code text not null,
  -- Words of level and owner; empty for all.
  level text not null,
  owner text not null,
  from_day text not null,
  name text not null,
  unit text not null,
  kind text not null,
  class text not null,
  -- In fen; none where the price was abolished on that day.
  price bigint,
  document text not null,
  source text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, code, level, owner, from_day)
) /*sqlite without rowid*/;
create index tariff_price_by_from on tariff_price (region, from_day, id);
create index tariff_price_by_name on tariff_price (region, name, id);
create index tariff_price_by_code on tariff_price (region, code, id);

create table tariff_fee (
  region text not null,
  institution bigint not null,
  from_day text not null,
  id bigint not null,
  radius_km bigint not null,
  minutes bigint not null,
  persons bigint not null,
  hourly bigint not null,
  per_km bigint not null,
  -- Millionths; a million where offer and demand are even.
  demand bigint not null,
  proposed bigint not null,
  -- In fen; none where no visits are offered from that day on.
  fee bigint,
  reason text not null,
  account bigint not null,
  who text not null,
  published text not null,
  primary key (region, institution, from_day)
) /*sqlite without rowid*/;
create index tariff_fee_by_from on tariff_fee (region, from_day, id);

-- Who paid for a service of a day. The first index refuses whoever comes second; the other lets one event be paid once.
create table tariff_event (
  region text not null,
  id bigint not null,
  elder bigint not null,
  service text not null,
  day text not null,
  event text not null,
  payer text not null,
  basis text not null,
  account bigint not null,
  who text not null,
  created text not null,
  released text,
  release_reason text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create unique index tariff_event_paid_once on tariff_event (region, elder, service, day) where released is null;
create unique index tariff_event_of_source on tariff_event (region, event, service) where released is null;

create table tariff_bill (
  region text not null,
  id bigint not null,
  elder bigint not null,
  institution bigint not null,
  number text not null,
  day text not null,
  event text not null,
  insured boolean not null,
  note text not null,
  -- The sums of its entries.
  amount bigint not null,
  person bigint not null,
  balance bigint not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, id),
  constraint tariff_bill_number unique (region, institution, number)
);
create unique index tariff_bill_event on tariff_bill (region, event) where event <> '';
create index tariff_bill_by_elder on tariff_bill (region, elder, day);
create index tariff_bill_by_day on tariff_bill (region, day, id);
create index tariff_bill_by_balance on tariff_bill (region, balance, id);
create index tariff_bill_by_institution on tariff_bill (region, institution, day);

create table tariff_entry (
  region text not null,
  bill bigint not null,
  id bigint not null,
  institution bigint not null,
  kind text not null,
  day text not null,
  code text not null,
  name text not null,
  unit text not null,
  item_kind text not null,
  class text not null,
  quantity bigint not null,
  price bigint not null,
  amount bigint not null,
  insurance bigint not null,
  ltci bigint not null,
  package bigint not null,
  public_health bigint not null,
  person bigint not null,
  payer text not null,
  why text not null,
  basis text not null,
  -- Of a receipt or refund: its number, and how it was paid.
  number text not null,
  way text not null,
  corrects bigint,
  reason text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, bill, id),
  constraint tariff_entry_adds_up check (amount = insurance + ltci + package + public_health + person)
);
create unique index tariff_entry_corrected_once on tariff_entry (region, bill, corrects) where corrects is not null;
create unique index tariff_entry_number on tariff_entry (region, institution, number) where number <> '';
create index tariff_entry_by_institution on tariff_entry (region, institution, day);

-- The last number given: of bills, of receipts.
create table tariff_number (
  region text not null,
  institution bigint not null,
  kind text not null,
  year text not null,
  last bigint not null,
  primary key (region, institution, kind, year)
) /*sqlite without rowid*/;

create table tariff_advance (
  region text not null,
  institution bigint not null,
  id bigint not null,
  kind text not null,
  month text not null,
  day text not null,
  -- Positive where the institution holds more afterwards.
  amount bigint not null,
  balance bigint not null,
  note text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, institution, id)
) /*sqlite without rowid*/;
create unique index tariff_advance_settled_once on tariff_advance (region, institution, month) where kind = 'due';

create table tariff_book (
  region text not null,
  institution bigint not null,
  id bigint not null,
  book text not null,
  kind text not null,
  day text not null,
  item text not null,
  -- Positive for income, negative for expense and for income taken back.
  amount bigint not null,
  bill bigint,
  entry bigint,
  corrects bigint,
  reason text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, institution, id)
) /*sqlite without rowid*/;
create index tariff_book_by_day on tariff_book (region, institution, book, day);
create unique index tariff_book_corrected_once on tariff_book (region, institution, corrects) where corrects is not null;
