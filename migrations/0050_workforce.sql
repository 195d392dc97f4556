-- Workforce: staff, where they practise, what they learned; teams and the places they are responsible for.
--
-- What is dated is kept as steps: a row holds from its day until the day of the next row with the same key, and a row
-- without a value ends what was. Two rows of one key cannot begin on one day, so nobody has two main posts and no place
-- two teams on any day, whatever a page or an import tries.

create table staff (
  region text not null,
  id bigint not null,
  name text not null,
  initials text not null,
  sex text not null,
  birth text,
  id_number bytea,
  id_blind bytea,
  phone bytea,
  kind text not null,
  title text not null,
  skills text not null,
  account bigint,
  -- The main post as of today, moved along by night.
  organisation bigint,
  street text not null,
  place text not null,
  state text not null,
  remark text not null,
  source text not null,
  created text not null,
  changed text not null,
  primary key (region, id)
);
create index staff_by_initials on staff (region, state, initials, id);
create index staff_by_street on staff (region, street, state, initials, id);
create index staff_by_kind on staff (region, kind, state, initials, id);
create index staff_by_organisation on staff (organisation, region, id) where organisation is not null;
create unique index staff_by_id_number on staff (region, id_blind) where id_blind is not null;
create unique index staff_by_account on staff (region, account) where account is not null;

-- `line` is `main` for the main post and the institution's number for every other place of practice.
create table staff_post (
  region text not null,
  staff bigint not null,
  line text not null,
  from_day text not null,
  kind text,
  organisation bigint,
  outside text,
  primary key (region, staff, line, from_day)
) /*sqlite without rowid*/;
create index staff_post_by_organisation on staff_post (region, organisation, staff);
create index staff_post_by_day on staff_post (from_day, region);

create table staff_certificate (
  region text not null,
  staff bigint not null,
  id bigint not null,
  kind text not null,
  number text not null,
  issuer text not null,
  grade text not null,
  from_day text not null,
  until_day text,
  file bigint,
  created text not null,
  primary key (region, staff, id)
) /*sqlite without rowid*/;
create index staff_certificate_by_end on staff_certificate (region, until_day, staff) where until_day is not null;

create table staff_training (
  region text not null,
  staff bigint not null,
  id bigint not null,
  topic text not null,
  title text not null,
  organiser text not null,
  from_day text not null,
  until_day text not null,
  hours bigint not null,
  passed boolean not null,
  created text not null,
  primary key (region, staff, id)
) /*sqlite without rowid*/;

create table staff_absence (
  region text not null,
  staff bigint not null,
  from_day text not null,
  kind text,
  note text not null,
  primary key (region, staff, from_day)
) /*sqlite without rowid*/;
create index staff_absence_by_day on staff_absence (region, from_day, staff);

create table staff_hours (
  region text not null,
  staff bigint not null,
  from_day text not null,
  hours text not null,
  primary key (region, staff, from_day)
) /*sqlite without rowid*/;

create table team (
  region text not null,
  id bigint not null,
  street text not null,
  place text not null,
  organisation bigint not null,
  name text not null,
  initials text not null,
  phone text not null,
  opened text not null,
  closed text,
  closed_reason text not null,
  -- What the list shows, as of today, moved along by night.
  leader text not null,
  members bigint not null,
  places bigint not null,
  lacks text not null,
  created text not null,
  changed text not null,
  primary key (region, id)
) /*sqlite without rowid*/;
create index team_by_initials on team (region, initials, id);
create index team_by_street on team (region, street, initials, id);
create index team_by_organisation on team (organisation, region, id);
create unique index team_by_name on team (region, organisation, name) where closed is null;

create table team_member (
  region text not null,
  team bigint not null,
  staff bigint not null,
  from_day text not null,
  role text,
  leads boolean not null,
  primary key (region, team, staff, from_day)
) /*sqlite without rowid*/;
create index team_member_by_staff on team_member (region, staff, team, from_day);
create index team_member_by_day on team_member (from_day, region);

create table team_place (
  region text not null,
  place text not null,
  from_day text not null,
  team bigint,
  primary key (region, place, from_day)
) /*sqlite without rowid*/;
create index team_place_by_team on team_place (region, team, place, from_day);
create index team_place_by_day on team_place (from_day, region);
