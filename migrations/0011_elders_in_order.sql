-- Those who died, moved away or were merged are listed in the order of that day.
create index elder_gone on elder (region, (coalesce(state_day, '')), id) where state <> 'living';
-- The duties of a street are counted whenever somebody there opens the workbench.
create index elder_due_by_street on elder_due (region, kind, street, day);
