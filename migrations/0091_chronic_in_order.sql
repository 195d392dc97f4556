-- Patients are listed in the order of their next visit, those without one last.
create index chronic_care_in_order on chronic_care (region, (coalesce(due_day, '9999-12-31')), elder);
