-- The list of those to be invited is read in the order of their days.
create index vaccination_invitation_in_order on vaccination_invitation (region, day, id);
