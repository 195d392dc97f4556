-- Decisions with their reasons: what was decided for whom, by which values of which policy folder.

-- The values many decisions rest on, said once: thousands are taken by the same values.
create table decision_reasons (
  region text not null,
  digest text not null,
  because text not null,
  primary key (region, digest)
);

create table decision (
  region text not null,
  id bigint not null,
  place text not null,
  organisation bigint,
  person bigint,
  subject text not null,
  subject_id bigint not null,
  link text not null,
  topic text not null,
  answer text not null,
  reasons text not null,
  policy_region text not null,
  policy_digest text not null,
  day text not null,
  created text not null,
  primary key (region, id),
  foreign key (region, reasons) references decision_reasons (region, digest)
);
create index decision_by_subject on decision (region, subject, subject_id, id);
create index decision_by_day on decision (region, day, id);
