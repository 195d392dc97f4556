-- A number of any day is a sum of whole years (`y2026`), the months of its year and the days of its month: a few dozen rows.
insert into tally (region, counted, unit, bucket, n)
select region, counted, unit, 'y' || substr(bucket, 2, 4), cast(sum(n) as bigint)
  from tally
 where bucket >= 'm' and bucket < 'n'
 group by region, counted, unit, substr(bucket, 2, 4);
