select extract(year from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('year','2020-02-29 13:04:05.678901'::timestamp)
select extract(month from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('month','2020-02-29 13:04:05.678901'::timestamp)
select extract(day from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('day','2020-02-29 13:04:05.678901'::timestamp)
select extract(hour from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('hour','2020-02-29 13:04:05.678901'::timestamp)
select extract(minute from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('minute','2020-02-29 13:04:05.678901'::timestamp)
select extract(second from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('second','2020-02-29 13:04:05.678901'::timestamp)
select extract(microseconds from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('microseconds','2020-02-29 13:04:05.678901'::timestamp)
select extract(milliseconds from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('milliseconds','2020-02-29 13:04:05.678901'::timestamp)
select extract(epoch from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('epoch','2020-02-29 13:04:05.678901'::timestamp)
select extract(dow from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('dow','2020-02-29 13:04:05.678901'::timestamp)
select extract(isodow from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('isodow','2020-02-29 13:04:05.678901'::timestamp)
select extract(doy from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('doy','2020-02-29 13:04:05.678901'::timestamp)
select extract(week from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('week','2020-02-29 13:04:05.678901'::timestamp)
select extract(quarter from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('quarter','2020-02-29 13:04:05.678901'::timestamp)
select extract(century from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('century','2020-02-29 13:04:05.678901'::timestamp)
select extract(decade from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('decade','2020-02-29 13:04:05.678901'::timestamp)
select extract(millennium from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('millennium','2020-02-29 13:04:05.678901'::timestamp)
select extract(isoyear from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('isoyear','2020-02-29 13:04:05.678901'::timestamp)
select extract(julian from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('julian','2020-02-29 13:04:05.678901'::timestamp)
select extract(timezone from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('timezone','2020-02-29 13:04:05.678901'::timestamp)
select extract(foo from '2020-02-29 13:04:05.678901'::timestamp)
select date_part('foo','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('year','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('month','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('day','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('hour','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('minute','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('week','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('quarter','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('century','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('decade','2020-02-29 13:04:05.678901'::timestamp)
select date_trunc('foo','2020-02-29 13:04:05.678901'::timestamp)
select '2020-02-29 13:04:05.678901'::timestamp + '1 mon'::interval
select '2020-02-29 13:04:05.678901'::timestamp - '1 day 2 hours'::interval
select isfinite('2020-02-29 13:04:05.678901'::timestamp)
select age('2020-02-29 13:04:05.678901'::timestamp,'2000-01-01')
select '2020-02-29 13:04:05.678901'::timestamp = '2020-02-29'::date
select '2020-02-29 13:04:05.678901'::timestamp < '2020-02-29'::timestamp
select '2020-02-29 13:04:05.678901'::timestamp >= '2020-02-29'::timestamptz
select '2020-02-29 13:04:05.678901'::timestamp::date
select '2020-02-29 13:04:05.678901'::timestamp::timestamp
select '2020-02-29 13:04:05.678901'::timestamp::timestamptz
select '2020-02-29 13:04:05.678901'::timestamp::time
select '2020-02-29 13:04:05.678901'::timestamp - '2020-02-29 13:04:05.678901'::timestamp
select '2020-02-29 13:04:05.678901'::timestamp at time zone 'America/New_York'
select '2020-02-29 13:04:05.678901'::timestamp at time zone interval '-5 hours'
select ('2020-02-29 13:04:05.678901'::timestamp)::text
select extract(year from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('year','2020-02-29 13:04:05.678901'::timestamptz)
select extract(month from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('month','2020-02-29 13:04:05.678901'::timestamptz)
select extract(day from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('day','2020-02-29 13:04:05.678901'::timestamptz)
select extract(hour from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('hour','2020-02-29 13:04:05.678901'::timestamptz)
select extract(minute from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('minute','2020-02-29 13:04:05.678901'::timestamptz)
select extract(second from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('second','2020-02-29 13:04:05.678901'::timestamptz)
select extract(microseconds from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('microseconds','2020-02-29 13:04:05.678901'::timestamptz)
select extract(milliseconds from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('milliseconds','2020-02-29 13:04:05.678901'::timestamptz)
select extract(epoch from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('epoch','2020-02-29 13:04:05.678901'::timestamptz)
select extract(dow from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('dow','2020-02-29 13:04:05.678901'::timestamptz)
select extract(isodow from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('isodow','2020-02-29 13:04:05.678901'::timestamptz)
select extract(doy from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('doy','2020-02-29 13:04:05.678901'::timestamptz)
select extract(week from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('week','2020-02-29 13:04:05.678901'::timestamptz)
select extract(quarter from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('quarter','2020-02-29 13:04:05.678901'::timestamptz)
select extract(century from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('century','2020-02-29 13:04:05.678901'::timestamptz)
select extract(decade from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('decade','2020-02-29 13:04:05.678901'::timestamptz)
select extract(millennium from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('millennium','2020-02-29 13:04:05.678901'::timestamptz)
select extract(isoyear from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('isoyear','2020-02-29 13:04:05.678901'::timestamptz)
select extract(julian from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('julian','2020-02-29 13:04:05.678901'::timestamptz)
select extract(timezone from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('timezone','2020-02-29 13:04:05.678901'::timestamptz)
select extract(foo from '2020-02-29 13:04:05.678901'::timestamptz)
select date_part('foo','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('year','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('month','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('day','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('hour','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('minute','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('week','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('quarter','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('century','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('decade','2020-02-29 13:04:05.678901'::timestamptz)
select date_trunc('foo','2020-02-29 13:04:05.678901'::timestamptz)
select '2020-02-29 13:04:05.678901'::timestamptz + '1 mon'::interval
select '2020-02-29 13:04:05.678901'::timestamptz - '1 day 2 hours'::interval
select isfinite('2020-02-29 13:04:05.678901'::timestamptz)
select age('2020-02-29 13:04:05.678901'::timestamptz,'2000-01-01')
select '2020-02-29 13:04:05.678901'::timestamptz = '2020-02-29'::date
select '2020-02-29 13:04:05.678901'::timestamptz < '2020-02-29'::timestamp
select '2020-02-29 13:04:05.678901'::timestamptz >= '2020-02-29'::timestamptz
select '2020-02-29 13:04:05.678901'::timestamptz::date
select '2020-02-29 13:04:05.678901'::timestamptz::timestamp
select '2020-02-29 13:04:05.678901'::timestamptz::timestamptz
select '2020-02-29 13:04:05.678901'::timestamptz::time
select '2020-02-29 13:04:05.678901'::timestamptz - '2020-02-29 13:04:05.678901'::timestamptz
select '2020-02-29 13:04:05.678901'::timestamptz at time zone 'America/New_York'
select '2020-02-29 13:04:05.678901'::timestamptz at time zone interval '-5 hours'
select ('2020-02-29 13:04:05.678901'::timestamptz)::text
select extract(year from '2020-02-29 13:04:05.678901'::date)
select date_part('year','2020-02-29 13:04:05.678901'::date)
select extract(month from '2020-02-29 13:04:05.678901'::date)
select date_part('month','2020-02-29 13:04:05.678901'::date)
select extract(day from '2020-02-29 13:04:05.678901'::date)
select date_part('day','2020-02-29 13:04:05.678901'::date)
select extract(hour from '2020-02-29 13:04:05.678901'::date)
select date_part('hour','2020-02-29 13:04:05.678901'::date)
select extract(minute from '2020-02-29 13:04:05.678901'::date)
select date_part('minute','2020-02-29 13:04:05.678901'::date)
select extract(second from '2020-02-29 13:04:05.678901'::date)
select date_part('second','2020-02-29 13:04:05.678901'::date)
select extract(microseconds from '2020-02-29 13:04:05.678901'::date)
select date_part('microseconds','2020-02-29 13:04:05.678901'::date)
select extract(milliseconds from '2020-02-29 13:04:05.678901'::date)
select date_part('milliseconds','2020-02-29 13:04:05.678901'::date)
select extract(epoch from '2020-02-29 13:04:05.678901'::date)
select date_part('epoch','2020-02-29 13:04:05.678901'::date)
select extract(dow from '2020-02-29 13:04:05.678901'::date)
select date_part('dow','2020-02-29 13:04:05.678901'::date)
select extract(isodow from '2020-02-29 13:04:05.678901'::date)
select date_part('isodow','2020-02-29 13:04:05.678901'::date)
select extract(doy from '2020-02-29 13:04:05.678901'::date)
select date_part('doy','2020-02-29 13:04:05.678901'::date)
select extract(week from '2020-02-29 13:04:05.678901'::date)
select date_part('week','2020-02-29 13:04:05.678901'::date)
select extract(quarter from '2020-02-29 13:04:05.678901'::date)
select date_part('quarter','2020-02-29 13:04:05.678901'::date)
select extract(century from '2020-02-29 13:04:05.678901'::date)
select date_part('century','2020-02-29 13:04:05.678901'::date)
select extract(decade from '2020-02-29 13:04:05.678901'::date)
select date_part('decade','2020-02-29 13:04:05.678901'::date)
select extract(millennium from '2020-02-29 13:04:05.678901'::date)
select date_part('millennium','2020-02-29 13:04:05.678901'::date)
select extract(isoyear from '2020-02-29 13:04:05.678901'::date)
select date_part('isoyear','2020-02-29 13:04:05.678901'::date)
select extract(julian from '2020-02-29 13:04:05.678901'::date)
select date_part('julian','2020-02-29 13:04:05.678901'::date)
select extract(timezone from '2020-02-29 13:04:05.678901'::date)
select date_part('timezone','2020-02-29 13:04:05.678901'::date)
select extract(foo from '2020-02-29 13:04:05.678901'::date)
select date_part('foo','2020-02-29 13:04:05.678901'::date)
select date_trunc('year','2020-02-29 13:04:05.678901'::date)
select date_trunc('month','2020-02-29 13:04:05.678901'::date)
select date_trunc('day','2020-02-29 13:04:05.678901'::date)
select date_trunc('hour','2020-02-29 13:04:05.678901'::date)
select date_trunc('minute','2020-02-29 13:04:05.678901'::date)
select date_trunc('week','2020-02-29 13:04:05.678901'::date)
select date_trunc('quarter','2020-02-29 13:04:05.678901'::date)
select date_trunc('century','2020-02-29 13:04:05.678901'::date)
select date_trunc('decade','2020-02-29 13:04:05.678901'::date)
select date_trunc('foo','2020-02-29 13:04:05.678901'::date)
select '2020-02-29 13:04:05.678901'::date + '1 mon'::interval
select '2020-02-29 13:04:05.678901'::date - '1 day 2 hours'::interval
select isfinite('2020-02-29 13:04:05.678901'::date)
select age('2020-02-29 13:04:05.678901'::date,'2000-01-01')
select '2020-02-29 13:04:05.678901'::date = '2020-02-29'::date
select '2020-02-29 13:04:05.678901'::date < '2020-02-29'::timestamp
select '2020-02-29 13:04:05.678901'::date >= '2020-02-29'::timestamptz
select '2020-02-29 13:04:05.678901'::date::date
select '2020-02-29 13:04:05.678901'::date::timestamp
select '2020-02-29 13:04:05.678901'::date::timestamptz
select '2020-02-29 13:04:05.678901'::date + 5
select '2020-02-29 13:04:05.678901'::date - '2020-02-29 13:04:05.678901'::date
select '2020-02-29 13:04:05.678901'::date at time zone 'America/New_York'
select '2020-02-29 13:04:05.678901'::date at time zone interval '-5 hours'
select ('2020-02-29 13:04:05.678901'::date)::text
select extract(year from 'infinity'::timestamp)
select date_part('year','infinity'::timestamp)
select extract(month from 'infinity'::timestamp)
select date_part('month','infinity'::timestamp)
select extract(day from 'infinity'::timestamp)
select date_part('day','infinity'::timestamp)
select extract(hour from 'infinity'::timestamp)
select date_part('hour','infinity'::timestamp)
select extract(minute from 'infinity'::timestamp)
select date_part('minute','infinity'::timestamp)
select extract(second from 'infinity'::timestamp)
select date_part('second','infinity'::timestamp)
select extract(microseconds from 'infinity'::timestamp)
select date_part('microseconds','infinity'::timestamp)
select extract(milliseconds from 'infinity'::timestamp)
select date_part('milliseconds','infinity'::timestamp)
select extract(epoch from 'infinity'::timestamp)
select date_part('epoch','infinity'::timestamp)
select extract(dow from 'infinity'::timestamp)
select date_part('dow','infinity'::timestamp)
select extract(isodow from 'infinity'::timestamp)
select date_part('isodow','infinity'::timestamp)
select extract(doy from 'infinity'::timestamp)
select date_part('doy','infinity'::timestamp)
select extract(week from 'infinity'::timestamp)
select date_part('week','infinity'::timestamp)
select extract(quarter from 'infinity'::timestamp)
select date_part('quarter','infinity'::timestamp)
select extract(century from 'infinity'::timestamp)
select date_part('century','infinity'::timestamp)
select extract(decade from 'infinity'::timestamp)
select date_part('decade','infinity'::timestamp)
select extract(millennium from 'infinity'::timestamp)
select date_part('millennium','infinity'::timestamp)
select extract(isoyear from 'infinity'::timestamp)
select date_part('isoyear','infinity'::timestamp)
select extract(julian from 'infinity'::timestamp)
select date_part('julian','infinity'::timestamp)
select extract(timezone from 'infinity'::timestamp)
select date_part('timezone','infinity'::timestamp)
select extract(foo from 'infinity'::timestamp)
select date_part('foo','infinity'::timestamp)
select date_trunc('year','infinity'::timestamp)
select date_trunc('month','infinity'::timestamp)
select date_trunc('day','infinity'::timestamp)
select date_trunc('hour','infinity'::timestamp)
select date_trunc('minute','infinity'::timestamp)
select date_trunc('week','infinity'::timestamp)
select date_trunc('quarter','infinity'::timestamp)
select date_trunc('century','infinity'::timestamp)
select date_trunc('decade','infinity'::timestamp)
select date_trunc('foo','infinity'::timestamp)
select 'infinity'::timestamp + '1 mon'::interval
select 'infinity'::timestamp - '1 day 2 hours'::interval
select isfinite('infinity'::timestamp)
select age('infinity'::timestamp,'2000-01-01')
select 'infinity'::timestamp = '2020-02-29'::date
select 'infinity'::timestamp < '2020-02-29'::timestamp
select 'infinity'::timestamp >= '2020-02-29'::timestamptz
select 'infinity'::timestamp::date
select 'infinity'::timestamp::timestamp
select 'infinity'::timestamp::timestamptz
select 'infinity'::timestamp::time
select 'infinity'::timestamp - 'infinity'::timestamp
select 'infinity'::timestamp at time zone 'America/New_York'
select 'infinity'::timestamp at time zone interval '-5 hours'
select ('infinity'::timestamp)::text
select extract(year from 'infinity'::timestamptz)
select date_part('year','infinity'::timestamptz)
select extract(month from 'infinity'::timestamptz)
select date_part('month','infinity'::timestamptz)
select extract(day from 'infinity'::timestamptz)
select date_part('day','infinity'::timestamptz)
select extract(hour from 'infinity'::timestamptz)
select date_part('hour','infinity'::timestamptz)
select extract(minute from 'infinity'::timestamptz)
select date_part('minute','infinity'::timestamptz)
select extract(second from 'infinity'::timestamptz)
select date_part('second','infinity'::timestamptz)
select extract(microseconds from 'infinity'::timestamptz)
select date_part('microseconds','infinity'::timestamptz)
select extract(milliseconds from 'infinity'::timestamptz)
select date_part('milliseconds','infinity'::timestamptz)
select extract(epoch from 'infinity'::timestamptz)
select date_part('epoch','infinity'::timestamptz)
select extract(dow from 'infinity'::timestamptz)
select date_part('dow','infinity'::timestamptz)
select extract(isodow from 'infinity'::timestamptz)
select date_part('isodow','infinity'::timestamptz)
select extract(doy from 'infinity'::timestamptz)
select date_part('doy','infinity'::timestamptz)
select extract(week from 'infinity'::timestamptz)
select date_part('week','infinity'::timestamptz)
select extract(quarter from 'infinity'::timestamptz)
select date_part('quarter','infinity'::timestamptz)
select extract(century from 'infinity'::timestamptz)
select date_part('century','infinity'::timestamptz)
select extract(decade from 'infinity'::timestamptz)
select date_part('decade','infinity'::timestamptz)
select extract(millennium from 'infinity'::timestamptz)
select date_part('millennium','infinity'::timestamptz)
select extract(isoyear from 'infinity'::timestamptz)
select date_part('isoyear','infinity'::timestamptz)
select extract(julian from 'infinity'::timestamptz)
select date_part('julian','infinity'::timestamptz)
select extract(timezone from 'infinity'::timestamptz)
select date_part('timezone','infinity'::timestamptz)
select extract(foo from 'infinity'::timestamptz)
select date_part('foo','infinity'::timestamptz)
select date_trunc('year','infinity'::timestamptz)
select date_trunc('month','infinity'::timestamptz)
select date_trunc('day','infinity'::timestamptz)
select date_trunc('hour','infinity'::timestamptz)
select date_trunc('minute','infinity'::timestamptz)
select date_trunc('week','infinity'::timestamptz)
select date_trunc('quarter','infinity'::timestamptz)
select date_trunc('century','infinity'::timestamptz)
select date_trunc('decade','infinity'::timestamptz)
select date_trunc('foo','infinity'::timestamptz)
select 'infinity'::timestamptz + '1 mon'::interval
select 'infinity'::timestamptz - '1 day 2 hours'::interval
select isfinite('infinity'::timestamptz)
DIFFERS select age('infinity'::timestamptz,'2000-01-01')
select 'infinity'::timestamptz = '2020-02-29'::date
select 'infinity'::timestamptz < '2020-02-29'::timestamp
select 'infinity'::timestamptz >= '2020-02-29'::timestamptz
select 'infinity'::timestamptz::date
select 'infinity'::timestamptz::timestamp
select 'infinity'::timestamptz::timestamptz
select 'infinity'::timestamptz::time
select 'infinity'::timestamptz - 'infinity'::timestamptz
select 'infinity'::timestamptz at time zone 'America/New_York'
select 'infinity'::timestamptz at time zone interval '-5 hours'
select ('infinity'::timestamptz)::text
select extract(year from 'infinity'::date)
select date_part('year','infinity'::date)
select extract(month from 'infinity'::date)
select date_part('month','infinity'::date)
select extract(day from 'infinity'::date)
select date_part('day','infinity'::date)
select extract(hour from 'infinity'::date)
select date_part('hour','infinity'::date)
select extract(minute from 'infinity'::date)
select date_part('minute','infinity'::date)
select extract(second from 'infinity'::date)
select date_part('second','infinity'::date)
select extract(microseconds from 'infinity'::date)
select date_part('microseconds','infinity'::date)
select extract(milliseconds from 'infinity'::date)
select date_part('milliseconds','infinity'::date)
select extract(epoch from 'infinity'::date)
select date_part('epoch','infinity'::date)
select extract(dow from 'infinity'::date)
select date_part('dow','infinity'::date)
select extract(isodow from 'infinity'::date)
select date_part('isodow','infinity'::date)
select extract(doy from 'infinity'::date)
select date_part('doy','infinity'::date)
select extract(week from 'infinity'::date)
select date_part('week','infinity'::date)
select extract(quarter from 'infinity'::date)
select date_part('quarter','infinity'::date)
select extract(century from 'infinity'::date)
select date_part('century','infinity'::date)
select extract(decade from 'infinity'::date)
select date_part('decade','infinity'::date)
select extract(millennium from 'infinity'::date)
select date_part('millennium','infinity'::date)
select extract(isoyear from 'infinity'::date)
select date_part('isoyear','infinity'::date)
select extract(julian from 'infinity'::date)
select date_part('julian','infinity'::date)
select extract(timezone from 'infinity'::date)
select date_part('timezone','infinity'::date)
select extract(foo from 'infinity'::date)
select date_part('foo','infinity'::date)
select date_trunc('year','infinity'::date)
select date_trunc('month','infinity'::date)
select date_trunc('day','infinity'::date)
select date_trunc('hour','infinity'::date)
select date_trunc('minute','infinity'::date)
select date_trunc('week','infinity'::date)
select date_trunc('quarter','infinity'::date)
select date_trunc('century','infinity'::date)
select date_trunc('decade','infinity'::date)
select date_trunc('foo','infinity'::date)
select 'infinity'::date + '1 mon'::interval
select 'infinity'::date - '1 day 2 hours'::interval
select isfinite('infinity'::date)
DIFFERS select age('infinity'::date,'2000-01-01')
select 'infinity'::date = '2020-02-29'::date
select 'infinity'::date < '2020-02-29'::timestamp
select 'infinity'::date >= '2020-02-29'::timestamptz
select 'infinity'::date::date
select 'infinity'::date::timestamp
select 'infinity'::date::timestamptz
select 'infinity'::date + 5
select 'infinity'::date - 'infinity'::date
select 'infinity'::date at time zone 'America/New_York'
select 'infinity'::date at time zone interval '-5 hours'
select ('infinity'::date)::text
select extract(year from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('year','1999-12-31 23:59:59.999999'::timestamp)
select extract(month from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('month','1999-12-31 23:59:59.999999'::timestamp)
select extract(day from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('day','1999-12-31 23:59:59.999999'::timestamp)
select extract(hour from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('hour','1999-12-31 23:59:59.999999'::timestamp)
select extract(minute from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('minute','1999-12-31 23:59:59.999999'::timestamp)
select extract(second from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('second','1999-12-31 23:59:59.999999'::timestamp)
select extract(microseconds from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('microseconds','1999-12-31 23:59:59.999999'::timestamp)
select extract(milliseconds from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('milliseconds','1999-12-31 23:59:59.999999'::timestamp)
select extract(epoch from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('epoch','1999-12-31 23:59:59.999999'::timestamp)
select extract(dow from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('dow','1999-12-31 23:59:59.999999'::timestamp)
select extract(isodow from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('isodow','1999-12-31 23:59:59.999999'::timestamp)
select extract(doy from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('doy','1999-12-31 23:59:59.999999'::timestamp)
select extract(week from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('week','1999-12-31 23:59:59.999999'::timestamp)
select extract(quarter from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('quarter','1999-12-31 23:59:59.999999'::timestamp)
select extract(century from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('century','1999-12-31 23:59:59.999999'::timestamp)
select extract(decade from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('decade','1999-12-31 23:59:59.999999'::timestamp)
select extract(millennium from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('millennium','1999-12-31 23:59:59.999999'::timestamp)
select extract(isoyear from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('isoyear','1999-12-31 23:59:59.999999'::timestamp)
select extract(julian from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('julian','1999-12-31 23:59:59.999999'::timestamp)
select extract(timezone from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('timezone','1999-12-31 23:59:59.999999'::timestamp)
select extract(foo from '1999-12-31 23:59:59.999999'::timestamp)
select date_part('foo','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('year','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('month','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('day','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('hour','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('minute','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('week','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('quarter','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('century','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('decade','1999-12-31 23:59:59.999999'::timestamp)
select date_trunc('foo','1999-12-31 23:59:59.999999'::timestamp)
select '1999-12-31 23:59:59.999999'::timestamp + '1 mon'::interval
select '1999-12-31 23:59:59.999999'::timestamp - '1 day 2 hours'::interval
select isfinite('1999-12-31 23:59:59.999999'::timestamp)
select age('1999-12-31 23:59:59.999999'::timestamp,'2000-01-01')
select '1999-12-31 23:59:59.999999'::timestamp = '2020-02-29'::date
select '1999-12-31 23:59:59.999999'::timestamp < '2020-02-29'::timestamp
select '1999-12-31 23:59:59.999999'::timestamp >= '2020-02-29'::timestamptz
select '1999-12-31 23:59:59.999999'::timestamp::date
select '1999-12-31 23:59:59.999999'::timestamp::timestamp
select '1999-12-31 23:59:59.999999'::timestamp::timestamptz
select '1999-12-31 23:59:59.999999'::timestamp::time
select '1999-12-31 23:59:59.999999'::timestamp - '1999-12-31 23:59:59.999999'::timestamp
select '1999-12-31 23:59:59.999999'::timestamp at time zone 'America/New_York'
select '1999-12-31 23:59:59.999999'::timestamp at time zone interval '-5 hours'
select ('1999-12-31 23:59:59.999999'::timestamp)::text
select extract(year from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('year','1999-12-31 23:59:59.999999'::timestamptz)
select extract(month from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('month','1999-12-31 23:59:59.999999'::timestamptz)
select extract(day from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('day','1999-12-31 23:59:59.999999'::timestamptz)
select extract(hour from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('hour','1999-12-31 23:59:59.999999'::timestamptz)
select extract(minute from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('minute','1999-12-31 23:59:59.999999'::timestamptz)
select extract(second from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('second','1999-12-31 23:59:59.999999'::timestamptz)
select extract(microseconds from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('microseconds','1999-12-31 23:59:59.999999'::timestamptz)
select extract(milliseconds from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('milliseconds','1999-12-31 23:59:59.999999'::timestamptz)
select extract(epoch from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('epoch','1999-12-31 23:59:59.999999'::timestamptz)
select extract(dow from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('dow','1999-12-31 23:59:59.999999'::timestamptz)
select extract(isodow from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('isodow','1999-12-31 23:59:59.999999'::timestamptz)
select extract(doy from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('doy','1999-12-31 23:59:59.999999'::timestamptz)
select extract(week from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('week','1999-12-31 23:59:59.999999'::timestamptz)
select extract(quarter from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('quarter','1999-12-31 23:59:59.999999'::timestamptz)
select extract(century from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('century','1999-12-31 23:59:59.999999'::timestamptz)
select extract(decade from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('decade','1999-12-31 23:59:59.999999'::timestamptz)
select extract(millennium from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('millennium','1999-12-31 23:59:59.999999'::timestamptz)
select extract(isoyear from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('isoyear','1999-12-31 23:59:59.999999'::timestamptz)
select extract(julian from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('julian','1999-12-31 23:59:59.999999'::timestamptz)
select extract(timezone from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('timezone','1999-12-31 23:59:59.999999'::timestamptz)
select extract(foo from '1999-12-31 23:59:59.999999'::timestamptz)
select date_part('foo','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('year','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('month','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('day','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('hour','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('minute','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('week','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('quarter','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('century','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('decade','1999-12-31 23:59:59.999999'::timestamptz)
select date_trunc('foo','1999-12-31 23:59:59.999999'::timestamptz)
select '1999-12-31 23:59:59.999999'::timestamptz + '1 mon'::interval
select '1999-12-31 23:59:59.999999'::timestamptz - '1 day 2 hours'::interval
select isfinite('1999-12-31 23:59:59.999999'::timestamptz)
select age('1999-12-31 23:59:59.999999'::timestamptz,'2000-01-01')
select '1999-12-31 23:59:59.999999'::timestamptz = '2020-02-29'::date
select '1999-12-31 23:59:59.999999'::timestamptz < '2020-02-29'::timestamp
select '1999-12-31 23:59:59.999999'::timestamptz >= '2020-02-29'::timestamptz
select '1999-12-31 23:59:59.999999'::timestamptz::date
select '1999-12-31 23:59:59.999999'::timestamptz::timestamp
select '1999-12-31 23:59:59.999999'::timestamptz::timestamptz
select '1999-12-31 23:59:59.999999'::timestamptz::time
select '1999-12-31 23:59:59.999999'::timestamptz - '1999-12-31 23:59:59.999999'::timestamptz
select '1999-12-31 23:59:59.999999'::timestamptz at time zone 'America/New_York'
select '1999-12-31 23:59:59.999999'::timestamptz at time zone interval '-5 hours'
select ('1999-12-31 23:59:59.999999'::timestamptz)::text
select extract(year from '1999-12-31 23:59:59.999999'::date)
select date_part('year','1999-12-31 23:59:59.999999'::date)
select extract(month from '1999-12-31 23:59:59.999999'::date)
select date_part('month','1999-12-31 23:59:59.999999'::date)
select extract(day from '1999-12-31 23:59:59.999999'::date)
select date_part('day','1999-12-31 23:59:59.999999'::date)
select extract(hour from '1999-12-31 23:59:59.999999'::date)
select date_part('hour','1999-12-31 23:59:59.999999'::date)
select extract(minute from '1999-12-31 23:59:59.999999'::date)
select date_part('minute','1999-12-31 23:59:59.999999'::date)
select extract(second from '1999-12-31 23:59:59.999999'::date)
select date_part('second','1999-12-31 23:59:59.999999'::date)
select extract(microseconds from '1999-12-31 23:59:59.999999'::date)
select date_part('microseconds','1999-12-31 23:59:59.999999'::date)
select extract(milliseconds from '1999-12-31 23:59:59.999999'::date)
select date_part('milliseconds','1999-12-31 23:59:59.999999'::date)
select extract(epoch from '1999-12-31 23:59:59.999999'::date)
select date_part('epoch','1999-12-31 23:59:59.999999'::date)
select extract(dow from '1999-12-31 23:59:59.999999'::date)
select date_part('dow','1999-12-31 23:59:59.999999'::date)
select extract(isodow from '1999-12-31 23:59:59.999999'::date)
select date_part('isodow','1999-12-31 23:59:59.999999'::date)
select extract(doy from '1999-12-31 23:59:59.999999'::date)
select date_part('doy','1999-12-31 23:59:59.999999'::date)
select extract(week from '1999-12-31 23:59:59.999999'::date)
select date_part('week','1999-12-31 23:59:59.999999'::date)
select extract(quarter from '1999-12-31 23:59:59.999999'::date)
select date_part('quarter','1999-12-31 23:59:59.999999'::date)
select extract(century from '1999-12-31 23:59:59.999999'::date)
select date_part('century','1999-12-31 23:59:59.999999'::date)
select extract(decade from '1999-12-31 23:59:59.999999'::date)
select date_part('decade','1999-12-31 23:59:59.999999'::date)
select extract(millennium from '1999-12-31 23:59:59.999999'::date)
select date_part('millennium','1999-12-31 23:59:59.999999'::date)
select extract(isoyear from '1999-12-31 23:59:59.999999'::date)
select date_part('isoyear','1999-12-31 23:59:59.999999'::date)
select extract(julian from '1999-12-31 23:59:59.999999'::date)
select date_part('julian','1999-12-31 23:59:59.999999'::date)
select extract(timezone from '1999-12-31 23:59:59.999999'::date)
select date_part('timezone','1999-12-31 23:59:59.999999'::date)
select extract(foo from '1999-12-31 23:59:59.999999'::date)
select date_part('foo','1999-12-31 23:59:59.999999'::date)
select date_trunc('year','1999-12-31 23:59:59.999999'::date)
select date_trunc('month','1999-12-31 23:59:59.999999'::date)
select date_trunc('day','1999-12-31 23:59:59.999999'::date)
select date_trunc('hour','1999-12-31 23:59:59.999999'::date)
select date_trunc('minute','1999-12-31 23:59:59.999999'::date)
select date_trunc('week','1999-12-31 23:59:59.999999'::date)
select date_trunc('quarter','1999-12-31 23:59:59.999999'::date)
select date_trunc('century','1999-12-31 23:59:59.999999'::date)
select date_trunc('decade','1999-12-31 23:59:59.999999'::date)
select date_trunc('foo','1999-12-31 23:59:59.999999'::date)
select '1999-12-31 23:59:59.999999'::date + '1 mon'::interval
select '1999-12-31 23:59:59.999999'::date - '1 day 2 hours'::interval
select isfinite('1999-12-31 23:59:59.999999'::date)
select age('1999-12-31 23:59:59.999999'::date,'2000-01-01')
select '1999-12-31 23:59:59.999999'::date = '2020-02-29'::date
select '1999-12-31 23:59:59.999999'::date < '2020-02-29'::timestamp
select '1999-12-31 23:59:59.999999'::date >= '2020-02-29'::timestamptz
select '1999-12-31 23:59:59.999999'::date::date
select '1999-12-31 23:59:59.999999'::date::timestamp
select '1999-12-31 23:59:59.999999'::date::timestamptz
select '1999-12-31 23:59:59.999999'::date + 5
select '1999-12-31 23:59:59.999999'::date - '1999-12-31 23:59:59.999999'::date
select '1999-12-31 23:59:59.999999'::date at time zone 'America/New_York'
select '1999-12-31 23:59:59.999999'::date at time zone interval '-5 hours'
select ('1999-12-31 23:59:59.999999'::date)::text
select extract(year from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('year','0044-03-15 12:30:00 BC'::timestamp)
select extract(month from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('month','0044-03-15 12:30:00 BC'::timestamp)
select extract(day from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('day','0044-03-15 12:30:00 BC'::timestamp)
select extract(hour from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('hour','0044-03-15 12:30:00 BC'::timestamp)
select extract(minute from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('minute','0044-03-15 12:30:00 BC'::timestamp)
select extract(second from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('second','0044-03-15 12:30:00 BC'::timestamp)
select extract(microseconds from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('microseconds','0044-03-15 12:30:00 BC'::timestamp)
select extract(milliseconds from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('milliseconds','0044-03-15 12:30:00 BC'::timestamp)
select extract(epoch from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('epoch','0044-03-15 12:30:00 BC'::timestamp)
select extract(dow from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('dow','0044-03-15 12:30:00 BC'::timestamp)
select extract(isodow from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('isodow','0044-03-15 12:30:00 BC'::timestamp)
select extract(doy from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('doy','0044-03-15 12:30:00 BC'::timestamp)
select extract(week from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('week','0044-03-15 12:30:00 BC'::timestamp)
select extract(quarter from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('quarter','0044-03-15 12:30:00 BC'::timestamp)
select extract(century from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('century','0044-03-15 12:30:00 BC'::timestamp)
select extract(decade from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('decade','0044-03-15 12:30:00 BC'::timestamp)
select extract(millennium from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('millennium','0044-03-15 12:30:00 BC'::timestamp)
select extract(isoyear from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('isoyear','0044-03-15 12:30:00 BC'::timestamp)
select extract(julian from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('julian','0044-03-15 12:30:00 BC'::timestamp)
select extract(timezone from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('timezone','0044-03-15 12:30:00 BC'::timestamp)
select extract(foo from '0044-03-15 12:30:00 BC'::timestamp)
select date_part('foo','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('year','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('month','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('day','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('hour','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('minute','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('week','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('quarter','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('century','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('decade','0044-03-15 12:30:00 BC'::timestamp)
select date_trunc('foo','0044-03-15 12:30:00 BC'::timestamp)
select '0044-03-15 12:30:00 BC'::timestamp + '1 mon'::interval
select '0044-03-15 12:30:00 BC'::timestamp - '1 day 2 hours'::interval
select isfinite('0044-03-15 12:30:00 BC'::timestamp)
select age('0044-03-15 12:30:00 BC'::timestamp,'2000-01-01')
select '0044-03-15 12:30:00 BC'::timestamp = '2020-02-29'::date
select '0044-03-15 12:30:00 BC'::timestamp < '2020-02-29'::timestamp
select '0044-03-15 12:30:00 BC'::timestamp >= '2020-02-29'::timestamptz
select '0044-03-15 12:30:00 BC'::timestamp::date
select '0044-03-15 12:30:00 BC'::timestamp::timestamp
select '0044-03-15 12:30:00 BC'::timestamp::timestamptz
select '0044-03-15 12:30:00 BC'::timestamp::time
select '0044-03-15 12:30:00 BC'::timestamp - '0044-03-15 12:30:00 BC'::timestamp
select '0044-03-15 12:30:00 BC'::timestamp at time zone 'America/New_York'
select '0044-03-15 12:30:00 BC'::timestamp at time zone interval '-5 hours'
select ('0044-03-15 12:30:00 BC'::timestamp)::text
select extract(year from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('year','0044-03-15 12:30:00 BC'::timestamptz)
select extract(month from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('month','0044-03-15 12:30:00 BC'::timestamptz)
select extract(day from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('day','0044-03-15 12:30:00 BC'::timestamptz)
select extract(hour from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('hour','0044-03-15 12:30:00 BC'::timestamptz)
select extract(minute from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('minute','0044-03-15 12:30:00 BC'::timestamptz)
select extract(second from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('second','0044-03-15 12:30:00 BC'::timestamptz)
select extract(microseconds from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('microseconds','0044-03-15 12:30:00 BC'::timestamptz)
select extract(milliseconds from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('milliseconds','0044-03-15 12:30:00 BC'::timestamptz)
select extract(epoch from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('epoch','0044-03-15 12:30:00 BC'::timestamptz)
select extract(dow from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('dow','0044-03-15 12:30:00 BC'::timestamptz)
select extract(isodow from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('isodow','0044-03-15 12:30:00 BC'::timestamptz)
select extract(doy from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('doy','0044-03-15 12:30:00 BC'::timestamptz)
select extract(week from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('week','0044-03-15 12:30:00 BC'::timestamptz)
select extract(quarter from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('quarter','0044-03-15 12:30:00 BC'::timestamptz)
select extract(century from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('century','0044-03-15 12:30:00 BC'::timestamptz)
select extract(decade from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('decade','0044-03-15 12:30:00 BC'::timestamptz)
select extract(millennium from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('millennium','0044-03-15 12:30:00 BC'::timestamptz)
select extract(isoyear from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('isoyear','0044-03-15 12:30:00 BC'::timestamptz)
select extract(julian from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('julian','0044-03-15 12:30:00 BC'::timestamptz)
select extract(timezone from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('timezone','0044-03-15 12:30:00 BC'::timestamptz)
select extract(foo from '0044-03-15 12:30:00 BC'::timestamptz)
select date_part('foo','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('year','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('month','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('day','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('hour','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('minute','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('week','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('quarter','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('century','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('decade','0044-03-15 12:30:00 BC'::timestamptz)
select date_trunc('foo','0044-03-15 12:30:00 BC'::timestamptz)
select '0044-03-15 12:30:00 BC'::timestamptz + '1 mon'::interval
select '0044-03-15 12:30:00 BC'::timestamptz - '1 day 2 hours'::interval
select isfinite('0044-03-15 12:30:00 BC'::timestamptz)
select age('0044-03-15 12:30:00 BC'::timestamptz,'2000-01-01')
select '0044-03-15 12:30:00 BC'::timestamptz = '2020-02-29'::date
select '0044-03-15 12:30:00 BC'::timestamptz < '2020-02-29'::timestamp
select '0044-03-15 12:30:00 BC'::timestamptz >= '2020-02-29'::timestamptz
select '0044-03-15 12:30:00 BC'::timestamptz::date
select '0044-03-15 12:30:00 BC'::timestamptz::timestamp
select '0044-03-15 12:30:00 BC'::timestamptz::timestamptz
select '0044-03-15 12:30:00 BC'::timestamptz::time
select '0044-03-15 12:30:00 BC'::timestamptz - '0044-03-15 12:30:00 BC'::timestamptz
select '0044-03-15 12:30:00 BC'::timestamptz at time zone 'America/New_York'
select '0044-03-15 12:30:00 BC'::timestamptz at time zone interval '-5 hours'
select ('0044-03-15 12:30:00 BC'::timestamptz)::text
select extract(year from '0044-03-15 12:30:00 BC'::date)
select date_part('year','0044-03-15 12:30:00 BC'::date)
select extract(month from '0044-03-15 12:30:00 BC'::date)
select date_part('month','0044-03-15 12:30:00 BC'::date)
select extract(day from '0044-03-15 12:30:00 BC'::date)
select date_part('day','0044-03-15 12:30:00 BC'::date)
select extract(hour from '0044-03-15 12:30:00 BC'::date)
select date_part('hour','0044-03-15 12:30:00 BC'::date)
select extract(minute from '0044-03-15 12:30:00 BC'::date)
select date_part('minute','0044-03-15 12:30:00 BC'::date)
select extract(second from '0044-03-15 12:30:00 BC'::date)
select date_part('second','0044-03-15 12:30:00 BC'::date)
select extract(microseconds from '0044-03-15 12:30:00 BC'::date)
select date_part('microseconds','0044-03-15 12:30:00 BC'::date)
select extract(milliseconds from '0044-03-15 12:30:00 BC'::date)
select date_part('milliseconds','0044-03-15 12:30:00 BC'::date)
select extract(epoch from '0044-03-15 12:30:00 BC'::date)
select date_part('epoch','0044-03-15 12:30:00 BC'::date)
select extract(dow from '0044-03-15 12:30:00 BC'::date)
select date_part('dow','0044-03-15 12:30:00 BC'::date)
select extract(isodow from '0044-03-15 12:30:00 BC'::date)
select date_part('isodow','0044-03-15 12:30:00 BC'::date)
select extract(doy from '0044-03-15 12:30:00 BC'::date)
select date_part('doy','0044-03-15 12:30:00 BC'::date)
select extract(week from '0044-03-15 12:30:00 BC'::date)
select date_part('week','0044-03-15 12:30:00 BC'::date)
select extract(quarter from '0044-03-15 12:30:00 BC'::date)
select date_part('quarter','0044-03-15 12:30:00 BC'::date)
select extract(century from '0044-03-15 12:30:00 BC'::date)
select date_part('century','0044-03-15 12:30:00 BC'::date)
select extract(decade from '0044-03-15 12:30:00 BC'::date)
select date_part('decade','0044-03-15 12:30:00 BC'::date)
select extract(millennium from '0044-03-15 12:30:00 BC'::date)
select date_part('millennium','0044-03-15 12:30:00 BC'::date)
select extract(isoyear from '0044-03-15 12:30:00 BC'::date)
select date_part('isoyear','0044-03-15 12:30:00 BC'::date)
select extract(julian from '0044-03-15 12:30:00 BC'::date)
select date_part('julian','0044-03-15 12:30:00 BC'::date)
select extract(timezone from '0044-03-15 12:30:00 BC'::date)
select date_part('timezone','0044-03-15 12:30:00 BC'::date)
select extract(foo from '0044-03-15 12:30:00 BC'::date)
select date_part('foo','0044-03-15 12:30:00 BC'::date)
select date_trunc('year','0044-03-15 12:30:00 BC'::date)
select date_trunc('month','0044-03-15 12:30:00 BC'::date)
select date_trunc('day','0044-03-15 12:30:00 BC'::date)
select date_trunc('hour','0044-03-15 12:30:00 BC'::date)
select date_trunc('minute','0044-03-15 12:30:00 BC'::date)
select date_trunc('week','0044-03-15 12:30:00 BC'::date)
select date_trunc('quarter','0044-03-15 12:30:00 BC'::date)
select date_trunc('century','0044-03-15 12:30:00 BC'::date)
select date_trunc('decade','0044-03-15 12:30:00 BC'::date)
select date_trunc('foo','0044-03-15 12:30:00 BC'::date)
select '0044-03-15 12:30:00 BC'::date + '1 mon'::interval
select '0044-03-15 12:30:00 BC'::date - '1 day 2 hours'::interval
select isfinite('0044-03-15 12:30:00 BC'::date)
select age('0044-03-15 12:30:00 BC'::date,'2000-01-01')
select '0044-03-15 12:30:00 BC'::date = '2020-02-29'::date
select '0044-03-15 12:30:00 BC'::date < '2020-02-29'::timestamp
select '0044-03-15 12:30:00 BC'::date >= '2020-02-29'::timestamptz
select '0044-03-15 12:30:00 BC'::date::date
select '0044-03-15 12:30:00 BC'::date::timestamp
select '0044-03-15 12:30:00 BC'::date::timestamptz
select '0044-03-15 12:30:00 BC'::date + 5
select '0044-03-15 12:30:00 BC'::date - '0044-03-15 12:30:00 BC'::date
select '0044-03-15 12:30:00 BC'::date at time zone 'America/New_York'
select '0044-03-15 12:30:00 BC'::date at time zone interval '-5 hours'
select ('0044-03-15 12:30:00 BC'::date)::text
select date_bin('15 minutes','2020-02-11 15:44:17'::timestamp,'2001-01-01'::timestamp)
select date_bin('15 minutes','2000-02-11 15:44:17'::timestamptz,'2001-01-01'::timestamptz)
select date_bin('1 month','2020-02-11 15:44:17'::timestamp,'2001-01-01'::timestamp)
select date_bin('0','2020-02-11 15:44:17'::timestamp,'2001-01-01'::timestamp)
select date_trunc('day','2020-03-29 12:00+00'::timestamptz,'Asia/Tokyo'), date_trunc('hour','1 day 2:34:56'::interval), date_trunc('week','1 day'::interval)
select make_date(2020,2,29), make_date(-44,3,15), make_time(8,15,23.5), make_timestamp(2020,2,29,13,4,5.5), make_timestamptz(2020,2,29,13,4,5.5), make_timestamptz(2020,2,29,13,4,5.5,'America/New_York'), make_timestamptz(2020,2,29,13,4,5.5,'+05:30'), make_interval(1,2,3,4,5,6,7.5), make_interval(days => 10)
select make_date(2020,2,30)
select make_date(0,2,3)
select make_time(25,0,0)
select make_timestamptz(2020,2,29,13,4,5.5,'Foo')
select make_timestamptz(2020,2,29,13,4,5.5,'5')
select to_timestamp(1284352323.5), to_timestamp('infinity'::float8), to_timestamp(0)
select to_timestamp('nan'::float8)
select to_timestamp(1e20)
select justify_days('35 days'::interval), justify_hours('50 hours'::interval), justify_interval('1 mon -1 hour'::interval)
select '1 day'::interval * 2.5, '1 mon'::interval / 3, -'1 day'::interval, '1 day'::interval + '2 hours', '1 day'::interval - '2 hours', 2 * '1 hour'::interval, '1 day'::interval/0.5
select '1 day'::interval / 0
select '1 day'::interval > '23 hours', '1 mon'::interval = '30 days', interval_larger('1 day','2 days')
select '10:00'::time + '3 hours'::interval, '10:00'::time - '11 hours'::interval, '10:00'::time - '08:30'::time, '10:00+02'::timetz + '3 hours'::interval, '3 hours'::interval + '10:00'::time
select '2020-01-01'::date + '10:00'::time, '2020-01-01'::date + '10:00+02'::timetz, '10:00'::time + '2020-01-01'::date, 5 + '2020-01-01'::date, '2020-01-10'::date - '2020-01-01'::date, '1 day'::interval + '2020-01-01'::date
select '10:00'::time::interval, '25 hours'::interval::time, '10:00+02'::timetz::time, '2020-07-01 10:00+00'::timestamptz::timetz, '10:00:00.123456'::time(2), '2020-01-01 10:00:00.987654'::timestamp(0), '1 day 10:00:00.5555'::interval(2)
select ('2020-01-01'::date,'2020-02-01'::date) overlaps ('2020-01-15'::date,'2020-03-01'::date), ('2020-01-01'::date,'1 day'::interval) overlaps ('2020-01-02'::date,'1 day'::interval), ('10:00'::time,'11:00'::time) overlaps ('10:30'::time,'1 hour'::interval), ('2020-01-01'::timestamp,null) overlaps ('2020-01-01'::timestamp,'2020-01-02')
select timezone('UTC','2020-07-01 10:00+02'::timestamptz), timezone('EST','2020-07-01 10:00'::timestamp), timezone('America/New_York','10:00+02'::timetz) is not null, '10:00+02'::timetz at time zone interval '-5 hours'
select timezone('Foo','2020-07-01 10:00'::timestamp)
select '2020-03-29 02:30'::timestamp at time zone 'Europe/Berlin', '2020-10-25 02:30'::timestamp at time zone 'Europe/Berlin', '2020-03-28 02:30+01'::timestamptz + '1 day', '2020-03-28 02:30+01'::timestamptz + '24 hours'
select extract(epoch from '1 day 2:00'::interval), extract(month from '14 mons'::interval), extract(hour from '10:20+02'::timetz), extract(timezone from '10:20+02'::timetz), extract(second from '10:20:30.5'::time), extract(dow from '10:00'::time)
select 'allballs'::time, 'epoch'::timestamp, 'today'::date - 'yesterday'::date
select age('2020-03-01'::timestamp,'2019-12-31'), age('2020-03-01'::timestamptz,'2019-12-31 12:00')
select 'infinity'::timestamp - '2020-01-01'::timestamp
select 'infinity'::date - '2020-01-01'::date
select '294276-12-31'::timestamp + '1 day'::interval
select '2020-01-01'::date < '2020-01-01 00:00:01'::timestamp, '5000000-01-01'::date > '2020-01-01'::timestamp, date_cmp_timestamp('2020-01-01','2020-01-02')
select isfinite('1 day'::interval), timeofday() is not null, now() = transaction_timestamp(), clock_timestamp() is not null
select pg_sleep(0.01)