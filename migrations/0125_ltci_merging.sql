-- A record whose lines a run judged together with those of another record of the same person: by whose facts.
alter table ltci_settled add column judged_as bigint;
