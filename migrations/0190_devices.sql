-- Devices in homes and what they say: the registry, with whom each is, series of readings with their latest value and the day
-- being filled, the days before, and messages nobody understood.

create table device_model (
  region text not null,
  id bigint not null,
  -- A word of the kinds of devices.
  kind text not null,
  maker text not null,
  name text not null,
  -- The adapter that reads its messages; empty: whichever recognises them.
  adapter text not null,
  -- The zone of times that its messages tell without one, as +08:00.
  zone text not null,
  created text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create unique index device_model_by_name on device_model (region, maker, name);

create table device (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  -- Whose it is to look after.
  organisation bigint not null,
  model bigint not null,
  kind text not null,
  -- What its maker calls it in messages: IMEI, MAC, number; in capitals without separators.
  serial text not null,
  -- The device that speaks for it.
  gateway bigint,
  owner text not null,
  -- Whose home it is in, or nobody's.
  elder bigint,
  spot text not null,
  -- `stock`, `out`, `lost`, `retired`.
  state text not null,
  since text not null,
  -- Digests of what it signs in with, and of what it signed in with before, as long as that holds.
  secret text not null,
  secret_since text,
  secret_before text not null,
  secret_before_until text,
  seen text,
  battery bigint,
  signal bigint,
  firmware text not null,
  -- When it last measured anything, to tell those nobody uses.
  last_reading text,
  -- Since when its silence is told.
  silent_told text,
  remark text not null,
  created text not null,
  changed text not null,
  primary key (region, id)
);
create unique index device_by_serial on device (region, serial);
create index device_by_number on device (serial);
create index device_by_elder on device (region, elder, id) where elder is not null;
create index device_by_seen on device (region, seen, id);
create index device_by_battery on device (region, battery, id) where state = 'out';
create index device_by_use on device (region, coalesce(last_reading, since), id) where state = 'out';
create index device_to_miss on device (region, kind, seen) where state = 'out' and silent_told is null;
create index device_by_street on device (region, street, id);
create index device_by_organisation on device (organisation, region, id);
create index device_by_gateway on device (region, gateway, id) where gateway is not null;
create index device_by_model on device (region, model, id);

-- With whom it was from when to when; one home at a time.
create table device_hold (
  region text not null,
  device bigint not null,
  id bigint not null,
  elder bigint not null,
  spot text not null,
  begun text not null,
  ended text,
  installed_by text not null,
  taken_by text not null,
  reason text not null,
  primary key (region, device, id)
) /*sqlite without rowid*/;
create unique index device_hold_now on device_hold (region, device) where ended is null;
create index device_hold_by_elder on device_hold (region, elder, id);

-- Moves on with every change of the registry, and with every batch of readings: whoever remembers devices or series reads them
-- again when somebody else was here.
create table device_version (
  region text not null,
  registry bigint not null,
  batch bigint not null,
  primary key (region)
) /*sqlite without rowid*/;

-- One measure of one person by one device: the latest value, and the readings of its day that are not yet in reading_day.
create table reading_series (
  region text not null,
  id bigint not null,
  device bigint not null,
  elder bigint,
  measure text not null,
  -- Milliseconds since 1970 UTC by which the latest is dated, its value in the measure's smallest unit, and its marks.
  at bigint not null,
  value bigint not null,
  marks bigint not null,
  -- The readings of `tail_day` as bytes.
  tail_day text not null,
  tail bytea not null,
  -- What is not later goes into the row of its day.
  tail_after bigint not null,
  primary key (region, id)
);
create unique index reading_series_by_device on reading_series (region, device, measure, coalesce(elder, 0));
create index reading_series_by_elder on reading_series (region, elder, measure) where elder is not null;

-- The readings of a series on a day, by number, least, most and sum, and as bytes; hour by hour once they are thinned.
create table reading_day (
  region text not null,
  series bigint not null,
  day text not null,
  grain text not null,
  count bigint not null,
  least bigint not null,
  most bigint not null,
  total bigint not null,
  data bytea not null,
  primary key (region, series, day)
) /*postgres partition by range (day)*/;
/*postgres create table if not exists reading_day_rest partition of reading_day default;*/

-- What nobody understood or whose device nobody knows, as it came.
create table device_message (
  region text not null,
  id bigint not null,
  device bigint,
  source text not null,
  topic text not null,
  payload bytea not null,
  received text not null,
  -- `waiting`, `replayed`, `dropped`.
  state text not null,
  why text not null,
  -- How often the same came since.
  times bigint not null,
  print text not null,
  who text not null,
  settled text,
  primary key (region, id)
);
create index device_message_by_state on device_message (region, state, id);
create unique index device_message_by_print on device_message (region, print) where state = 'waiting';

-- How an operator's makers write their messages: adapters beside those of the program.
create table device_adapter (
  name text not null,
  text text not null,
  who text not null,
  changed text not null,
  primary key (name)
) /*sqlite without rowid*/;

-- Ways by which messages come, and how they are: our own ear and brokers of others.
create table device_source (
  name text not null,
  -- What is wrong; empty: nothing.
  trouble text not null,
  since text not null,
  connections bigint not null,
  taken bigint not null,
  checked text not null,
  primary key (name)
) /*sqlite without rowid*/;

-- Alarms that devices raised themselves, to know one that is sent again.
create table device_alarm (
  region text not null,
  twin text not null,
  device bigint not null,
  at bigint not null,
  primary key (region, twin)
) /*sqlite without rowid*/;
create index device_alarm_by_time on device_alarm (region, at);

-- What of an elder's values their family may see: nothing, the week in words, or all values.
create table reading_consent (
  region text not null,
  elder bigint not null,
  -- `none`, `week`, `values`.
  shares text not null,
  -- Who said so: the elder, or whoever acts for them.
  said_by text not null,
  who text not null,
  since text not null,
  primary key (region, elder)
) /*sqlite without rowid*/;

-- Limits that a doctor set for one person, in the measure's unit; what is null is as policy has it.
create table reading_limit (
  region text not null,
  elder bigint not null,
  measure text not null,
  urgent_low text,
  low text,
  high text,
  urgent_high text,
  day text not null,
  account bigint not null,
  who text not null,
  reason text not null,
  primary key (region, elder, measure)
) /*sqlite without rowid*/;

-- What is watched of a person between two readings: what is open, what waits for the morning, when somebody last moved.
create table reading_watch (
  region text not null,
  elder bigint not null,
  -- As JSON: the state of limits, the trends that are open, the raises that wait.
  state text not null,
  trends text not null,
  waiting text not null,
  -- Milliseconds since 1970 UTC; null: never, or no device at home tells of it.
  moved bigint,
  told bigint,
  -- When to look again without a reading.
  next_at bigint,
  primary key (region, elder)
);
create index reading_watch_by_time on reading_watch (region, next_at) where next_at is not null;
