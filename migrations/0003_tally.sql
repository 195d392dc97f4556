-- The tally: in which stretches of days what holds of whom, who belongs where, and how many there are on each day.

create table tally_span (
  region text not null,
  kind text not null,
  thing bigint not null,
  mark text not null,
  from_day text not null,
  until_day text,
  amount bigint not null,
  note text not null,
  primary key (region, kind, thing, mark, from_day)
) /*sqlite without rowid*/;
create index tally_span_by_mark on tally_span (region, kind, mark, thing);

create table tally_unit (
  region text not null,
  kind text not null,
  thing bigint not null,
  family text not null,
  unit text not null,
  from_day text not null,
  until_day text,
  primary key (region, kind, thing, family, from_day)
) /*sqlite without rowid*/;
-- All that counting the things of a place needs of them.
create index tally_unit_by_unit on tally_unit (region, kind, unit, thing, from_day, until_day);

-- By how much a number changes: `bucket` is `d2026-11-21` for a day, `m2026-11` for all days of a month.
create table tally (
  region text not null,
  counted text not null,
  unit text not null,
  bucket text not null,
  n bigint not null,
  primary key (region, counted, unit, bucket)
) /*sqlite without rowid*/;
