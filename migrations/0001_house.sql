-- The house: places, organisations, accounts, sessions, audit, events, jobs, files, messages.

create table place (
  code text not null primary key,
  parent text not null,
  name text not null,
  level text not null,
  initials text not null
) /*sqlite without rowid*/;
create index place_by_parent on place (parent, code);

create table organisation (
  region text not null,
  id bigint not null,
  place text not null,
  name text not null,
  kind text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index organisation_by_id on organisation (id);

create table account (
  id bigint not null primary key,
  login text not null unique,
  name text not null,
  role text not null,
  place text not null,
  organisation bigint,
  password text not null,
  must_change boolean not null,
  second_factor bytea,
  second_factor_last bigint,
  failures bigint not null,
  locked_until text,
  state text not null,
  lang text,
  created text not null
);
create index account_by_state on account (state, login);

create table account_person (
  account bigint not null,
  person bigint not null,
  region text not null,
  relation text not null,
  primary key (account, person)
) /*sqlite without rowid*/;

create table session (
  token bytea not null primary key,
  account bigint not null,
  stage text not null,
  csrf text not null,
  created text not null,
  seen text not null
) /*sqlite without rowid*/;
create index session_by_account on session (account);

create table api_token (
  token bytea not null primary key,
  id bigint not null unique,
  account bigint not null,
  name text not null,
  permissions text not null,
  created text not null,
  expires text not null,
  revoked text
) /*sqlite without rowid*/;
create index api_token_by_account on api_token (account, id);

create table idempotency (
  account bigint not null,
  key text not null,
  request bytea not null,
  status bigint not null,
  answer bytea not null,
  at text not null,
  primary key (account, key)
);

create table audit_head (
  region text not null primary key,
  seq bigint not null,
  hash bytea not null
) /*sqlite without rowid*/;

create table audit (
  region text not null,
  seq bigint not null,
  at text not null,
  account bigint,
  who text not null,
  role text not null,
  action text not null,
  subject text not null,
  subject_id bigint,
  place text not null,
  detail text not null,
  hash bytea not null,
  primary key (region, seq)
);
create index audit_by_time on audit (at, region, seq);
create index audit_by_subject on audit (region, subject_id, seq);
create index audit_by_account on audit (account, at);

create table event (
  id bigint not null primary key,
  region text not null,
  kind text not null,
  body text not null,
  at text not null,
  delivered text
);
create index event_waiting on event (id) where delivered is null;

create table job (
  id bigint not null primary key,
  region text not null,
  kind text not null,
  unique_key text,
  title text not null,
  body text not null,
  account bigint,
  state text not null,
  attempts bigint not null,
  run_at text not null,
  leased_until text,
  done bigint not null,
  total bigint not null,
  result text,
  error text,
  created text not null,
  finished text
);
create index job_waiting on job (run_at, id) where state in ('waiting', 'running');
create index job_by_state on job (state, id);
create unique index job_unique on job (kind, unique_key) where state in ('waiting', 'running') and unique_key is not null;

create table file (
  region text not null,
  id bigint not null,
  hash bytea not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  account bigint,
  created text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index file_by_hash on file (hash);

create table message (
  id bigint not null primary key,
  account bigint,
  channel text not null,
  address bytea,
  title text not null,
  body text not null,
  link text,
  unique_key text not null unique,
  state text not null,
  attempts bigint not null,
  next_at text not null,
  error text,
  created text not null,
  sent text,
  read_at text
);
create index message_inbox on message (account, id) where channel = 'inbox';
create index message_unread on message (account) where channel = 'inbox' and read_at is null;
create index message_waiting on message (next_at, id) where state = 'waiting';

create table setting (
  name text not null primary key,
  value text not null
) /*sqlite without rowid*/;
