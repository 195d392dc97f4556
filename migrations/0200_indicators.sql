-- Indicators: reports frozen at a cut-off.

create table indicator_report (
  region text not null,
  id bigint not null,
  place text not null,
  day text not null,
  title text not null,
  state text not null,
  remark text not null,
  made_by bigint not null,
  made_at text not null,
  sent_at text,
  settled_by bigint,
  settled_at text,
  primary key (region, id)
);
create index indicator_report_by_day on indicator_report (day, id);

create table indicator_line (
  region text not null,
  report bigint not null,
  nth bigint not null,
  indicator text not null,
  title text not null,
  unit text not null,
  numerator bigint,
  denominator bigint,
  printed text not null,
  is_typed boolean not null,
  remark text not null,
  primary key (region, report, nth)
) /*sqlite without rowid*/;
