-- Why an event waits: the last failure of a listener, and how often it failed.

alter table event add column failures bigint not null default 0;
alter table event add column error text;
