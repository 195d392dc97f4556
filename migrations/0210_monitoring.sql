-- Monitoring: cases of alarms with their clock, every raise and every step of them, and who is on duty.

create table alarm_case (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  -- The centre that answers.
  organisation bigint,
  -- Whom or what it is about: `elder:12`, `home:7`, or `call:…` where neither is known. One case of a kind is open of each.
  subject text not null,
  elder bigint,
  about text not null,
  kind text not null,
  urgent boolean not null,
  state text not null,
  -- When it happened, and when it was kept. The seconds of the response count from `since`: then, or when it became urgent.
  at text not null,
  raised text not null,
  since text not null,
  raises bigint not null,
  last_raised text not null,
  -- Since when the value is back inside.
  eased text,
  source text not null,
  device bigint,
  device_label text not null,
  latitude bigint,
  longitude bigint,
  -- When it is to be looked at again; none where no clock runs.
  next_at text,
  steps bigint not null,
  told_leave boolean not null,
  told_arrive boolean not null,
  -- Seconds that were allowed until somebody takes it, as laid down when it was raised.
  allowed bigint,
  -- How long it took: from `since` to the acknowledgement, from there until somebody left, from `since` to the arrival.
  take_seconds bigint,
  leave_seconds bigint,
  arrive_seconds bigint,
  acknowledged text,
  acknowledged_by text not null,
  departed text,
  departed_by text not null,
  staff bigint,
  visit bigint,
  arrived text,
  arrived_by text not null,
  proven boolean not null,
  closed text,
  closed_by text not null,
  -- True, or why it was none; empty while it is open.
  verdict text not null,
  found text not null,
  follow_up text not null,
  follow_day text,
  followed text,
  informed text,
  version bigint not null,
  primary key (region, id)
);
create unique index alarm_case_open on alarm_case (region, subject, kind) where closed is null;
create index alarm_case_running on alarm_case (closed, region, id, version) where closed is null;
create index alarm_case_due on alarm_case (next_at, region, id) where next_at is not null;
create index alarm_case_by_state on alarm_case (region, state, raised, id);
create index alarm_case_by_raised on alarm_case (region, raised, id);
create index alarm_case_by_street on alarm_case (region, street, raised, id);
create index alarm_case_by_organisation on alarm_case (organisation, region, raised, id) where organisation is not null;
create index alarm_case_by_elder on alarm_case (region, elder, raised, id) where elder is not null;
create index alarm_case_by_visit on alarm_case (region, visit) where visit is not null;
create index alarm_case_by_follow on alarm_case (region, follow_day, id) where follow_day is not null and followed is null;

-- Each time it was raised, the first included.
create table alarm_raise (
  region text not null,
  alarm bigint not null,
  id bigint not null,
  at text not null,
  received text not null,
  device bigint,
  device_label text not null,
  said text not null,
  because text not null,
  latitude bigint,
  longitude bigint,
  primary key (region, alarm, id)
);

-- Everything that happened to a case, in order: steps, messages, what people did and said.
create table alarm_entry (
  region text not null,
  alarm bigint not null,
  id bigint not null,
  at text not null,
  what text not null,
  -- Who did it; empty where the clock did.
  who text not null,
  said text not null,
  note text not null,
  -- The key of the message that left, and what became of it: `waiting`, `sent`, `failed`; empty for what is no message.
  message text not null,
  sending text not null,
  primary key (region, alarm, id)
);
create index alarm_entry_waiting on alarm_entry (sending, region, alarm, id) where sending = 'waiting';

-- A centre that answers the alarms of a place and of what lies in it, and the shifts of its day.
create table alarm_centre (
  region text not null,
  organisation bigint not null,
  place text not null,
  -- Minutes after midnight at which shifts begin, parted by blanks.
  begins text not null,
  ranks bigint not null,
  changed text not null,
  who text not null,
  primary key (region, organisation)
);
create unique index alarm_centre_by_place on alarm_centre (region, place);

-- The week: one of the staff a rank of a shift of a weekday, which the key holds to.
create table alarm_duty (
  region text not null,
  organisation bigint not null,
  weekday bigint not null,
  begins bigint not null,
  rank bigint not null,
  staff bigint not null,
  primary key (region, organisation, weekday, begins, rank)
) /*sqlite without rowid*/;

-- What holds on one day instead; without staff nobody.
create table alarm_duty_day (
  region text not null,
  organisation bigint not null,
  day text not null,
  begins bigint not null,
  rank bigint not null,
  staff bigint,
  primary key (region, organisation, day, begins, rank)
) /*sqlite without rowid*/;

-- How somebody gets in who comes to help: who has the key, the code of the door, the dog.
create table alarm_access (
  region text not null,
  elder bigint not null,
  note bytea not null,
  changed text not null,
  who text not null,
  primary key (region, elder)
);
create index alarm_case_by_device on alarm_case (region, device, raised) where device is not null;
