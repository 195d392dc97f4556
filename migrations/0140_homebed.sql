-- Beds at home: home hospital beds and home elderly-care beds, from the application or contract to the end, with what is
-- written, ordered, delivered, installed and charged meanwhile.

create table homebed (
  region text not null,
  id bigint not null,
  -- `hospital` or `care`.
  kind text not null,
  -- What people call it, such as 2026-0012; empty before it is opened.
  number text not null,
  elder bigint not null,
  -- Whose bed it was before records were merged.
  first_elder bigint not null,
  state text not null,
  -- The kind while the bed is wanted or kept; none when it is over: one of a kind for an elder at a time.
  live text,
  -- What it takes of an elder from its opening to its end: `bed` where both kinds exclude each other, else the kind.
  slot text,
  institution bigint not null,
  -- Name and staff record of the responsible doctor.
  doctor text not null,
  doctor_staff bigint,
  applicant text not null,
  applicant_name text not null,
  applied text not null,
  reason text not null,
  findings text not null,
  verdict text not null,
  decided text,
  visit_by text,
  visited text,
  visit_note text not null,
  consent_day text,
  consent_signer text not null,
  consent_name text not null,
  consent_pages bigint,
  consent_file bigint,
  contract_number text not null,
  contract_until text,
  opened text,
  diagnosis text not null,
  treatment text not null,
  nursing text not null,
  medicines text not null,
  rounds_a_week bigint not null,
  extended text,
  resumed text,
  suspended text,
  last_round text,
  last_superior text,
  round_by text,
  superior_by text,
  course_until text,
  -- Of an elderly-care bed: the first of its services, and the next check of how it serves.
  service_by text,
  check_by text,
  -- The first of what is due.
  due_day text,
  ended text,
  ended_reason text not null,
  summary text not null,
  -- The state before an event of the register ended it, so that this can be taken back; empty where a person did.
  ended_from text not null,
  account bigint not null,
  who text not null,
  created text not null,
  primary key (region, id)
);
create unique index homebed_live on homebed (region, elder, live) where live is not null;
create unique index homebed_slot on homebed (region, elder, slot) where slot is not null and state in ('open', 'suspended');
create unique index homebed_by_number on homebed (region, institution, kind, number) where number <> '';
create index homebed_by_elder on homebed (region, elder, applied, id);
create index homebed_by_applied on homebed (region, applied, id);
create index homebed_by_due on homebed (region, due_day, id) where due_day is not null;
create index homebed_by_first on homebed (region, first_elder);

-- Nobody lies in two beds of one slot on one day, in the past neither: what a change of the days newly makes overlap is refused.
-- What two records of one person overlapped before they were merged stays as it was.
/*sqlite create trigger homebed_stays after update on homebed
  when new.elder = old.elder and new.opened is not null and (new.opened is not old.opened or new.ended is not old.ended)
begin
  select raise(abort, 'homebed_stays: two beds on one day')
   where exists (select 1 from homebed o
                  where o.region = new.region and o.elder = new.elder and o.id <> new.id and o.opened is not null
                    and (o.kind = new.kind or o.slot = new.slot)
                    and o.opened < coalesce(new.ended, '9999') and new.opened < coalesce(o.ended, '9999')
                    and not coalesce(o.opened < coalesce(old.ended, '9999') and old.opened < coalesce(o.ended, '9999'), false));
end;
*/
/*postgres create or replace function homebed_stays() returns trigger language plpgsql as $$
begin
  if exists (select 1 from homebed o
              where o.region = new.region and o.elder = new.elder and o.id <> new.id and o.opened is not null
                and (o.kind = new.kind or o.slot = new.slot)
                and o.opened < coalesce(new.ended, '9999') and new.opened < coalesce(o.ended, '9999')
                and not coalesce(o.opened < coalesce(old.ended, '9999') and old.opened < coalesce(o.ended, '9999'), false))
  then
    raise exception 'homebed_stays: two beds on one day' using errcode = 'exclusion_violation';
  end if;
  return null;
end $$;
create trigger homebed_stays after update on homebed for each row
  when (new.elder = old.elder and new.opened is not null
        and (new.opened is distinct from old.opened or new.ended is distinct from old.ended))
  execute function homebed_stays();
*/

-- The last number an institution gave to a bed of a kind in a year.
create table homebed_number (
  region text not null,
  institution bigint not null,
  kind text not null,
  year text not null,
  last bigint not null,
  primary key (region, institution, kind, year)
) /*sqlite without rowid*/;

-- What is due at a bed: read by the institution that runs it, while `elder_due` tells it of the elder.
create table homebed_due (
  region text not null,
  bed bigint not null,
  kind text not null,
  id bigint not null,
  day text not null,
  said text not null,
  primary key (region, bed, kind)
) /*sqlite without rowid*/;
create unique index homebed_due_by_day on homebed_due (region, day, id);

-- What is written about the patient: first note, rounds, checks of a superior doctor, nursing, procedures, medication.
create table homebed_record (
  region text not null,
  bed bigint not null,
  id bigint not null,
  kind text not null,
  day text not null,
  who text not null,
  findings text not null,
  readings text not null,
  treatment text not null,
  advice text not null,
  -- The tariff item of a procedure, and how many.
  code text not null,
  quantity bigint not null,
  -- Which service of an elderly-care bed was given.
  service bigint,
  -- The visit it comes from; none where somebody wrote it here.
  source text,
  bill bigint,
  void_reason text not null,
  account bigint not null,
  created text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;
create unique index homebed_record_source on homebed_record (region, bed, source) where source is not null;

create table homebed_order (
  region text not null,
  bed bigint not null,
  id bigint not null,
  term text not null,
  content text not null,
  usage_text text not null,
  from_day text not null,
  who text not null,
  until_day text,
  stopped_by text not null,
  account bigint not null,
  created text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;

create table homebed_delivery (
  region text not null,
  bed bigint not null,
  id bigint not null,
  day text not null,
  items text not null,
  who text not null,
  handed_day text,
  handed_to text not null,
  handed_by text not null,
  account bigint not null,
  created text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;

create table homebed_service (
  region text not null,
  bed bigint not null,
  id bigint not null,
  name text not null,
  code text not null,
  times bigint not null,
  per text not null,
  from_day text not null,
  until_day text,
  who text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;

create table homebed_pause (
  region text not null,
  bed bigint not null,
  from_day text not null,
  -- The first day on which it went on.
  until_day text,
  expected text,
  reason text not null,
  note text not null,
  who text not null,
  primary key (region, bed, from_day)
) /*sqlite without rowid*/;

-- Whether the bed goes on after a course, as reviewed.
create table homebed_review (
  region text not null,
  bed bigint not null,
  id bigint not null,
  day text not null,
  goes_on boolean not null,
  findings text not null,
  who text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;

create table homebed_adaptation (
  region text not null,
  bed bigint not null,
  id bigint not null,
  -- The home, once: a blind index of the address, or the elder where no address is known; none when voided.
  home text,
  day text not null,
  items text not null,
  -- In fen.
  cost bigint not null,
  before_file bigint,
  after_file bigint,
  note text not null,
  void_reason text not null,
  who text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;
create unique index homebed_adaptation_home on homebed_adaptation (region, home) where home is not null;

create table homebed_device (
  region text not null,
  bed bigint not null,
  id bigint not null,
  device text not null,
  number text not null,
  installed text not null,
  removed text,
  who text not null,
  primary key (region, bed, id)
) /*sqlite without rowid*/;
-- A device hangs at one place at a time.
create unique index homebed_device_number on homebed_device (region, device, number) where removed is null;

-- What was charged for one day, line by line as it was said; the bill itself is kept by tariff.
create table homebed_charge (
  region text not null,
  bed bigint not null,
  bill bigint not null,
  day text not null,
  number text not null,
  lines text not null,
  amount bigint not null,
  person bigint not null,
  who text not null,
  primary key (region, bed, bill)
) /*sqlite without rowid*/;
