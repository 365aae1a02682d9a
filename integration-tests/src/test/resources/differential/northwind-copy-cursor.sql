-- COPY, prepared statements, cursors, transaction commands, settings.
copy (select shipper_id, company_name, phone from shippers order by shipper_id) to stdout;
copy (select * from region order by region_id) to stdout with (format csv, header);
copy (select category_id, description, null as nothing, 'a"b,c' as quoted from categories order by 1 limit 3) to stdout with (format csv, force_quote (description), null 'NULL', delimiter ';');
copy us_states (state_id, state_name) to stdout (delimiter '|');
create table loaded (id int primary key, name text, amount numeric, day date);
copy loaded from stdin;
1	one	1.50	2020-01-01
2	two\ttabbed	\N	2020-02-29
3	back\\slash	-0.001	\N
\.
copy loaded (name, id) from stdin with (format csv, header, quote '''');
name,id
'quoted, name',4
plain,5
\.
select * from loaded order by id;
copy loaded from stdin;
6	six	notanumber	2020-01-01
\.
copy loaded from stdin;
7	too few
\.
copy loaded from stdin;
1	duplicate	1	2020-01-01
\.
select count(*) from loaded;
copy missing from stdin;
\.
copy loaded to stdout (format nonsense);
prepare by_id (int) as select name from loaded where id = $1;
execute by_id (1);
execute by_id (2 + 2);
execute by_id;
execute nobody;
prepare ins as insert into loaded (id, name) values ($1, $2) returning *;
execute ins (8, 'eight');
select name, statement, parameter_types, from_sql from pg_prepared_statements order by name;
deallocate by_id;
execute by_id (1);
deallocate all;
begin;
declare c cursor for select id, name from loaded order by id;
fetch 2 from c;
fetch next from c;
move 1 in c;
fetch all c;
fetch 1 c;
close c;
fetch c;
rollback;
begin;
declare s scroll cursor for select order_id from orders order by order_id limit 10;
fetch last s;
fetch prior s;
fetch backward 3 s;
fetch first s;
fetch absolute 5 s;
fetch relative -2 s;
fetch absolute -1 s;
fetch backward all s;
commit;
begin;
declare h cursor with hold for select order_id from orders order by order_id desc limit 4;
fetch 1 h;
commit;
fetch all h;
close all;
begin;
declare u cursor for select * from loaded where id < 3 for update;
fetch 1 from u;
update loaded set name = 'current' where current of u returning id, name;
delete from loaded where current of u;
commit;
declare outside cursor for select 1;
begin isolation level repeatable read read only;
show transaction isolation level;
update loaded set name = 'x';
rollback;
commit;
begin;
begin;
commit;
set datestyle = 'German';
select date '2020-12-31', timestamp '2020-12-31 13:14:15.5';
set datestyle = 'SQL, DMY';
select date '2020-12-31', timestamptz '2020-12-31 13:14:15.5+02';
reset datestyle;
set intervalstyle = 'iso_8601';
select interval '1 year 2 months 3 days 04:05:06.7';
set intervalstyle = 'postgres_verbose';
select interval '-1 year 2 months 3 days 04:05:06.7';
reset intervalstyle;
set timezone = 'America/New_York';
select timestamptz '2020-07-01 00:00:00+00', timestamp '2020-07-01' at time zone 'Asia/Tokyo';
reset timezone;
set bytea_output = 'escape';
select '\x00414220ff'::bytea;
reset bytea_output;
set extra_float_digits = 0;
select 0.1::float8 + 0.2::float8, 1e-7::float4;
reset extra_float_digits;
set nonsense = 1;
show nonsense;
set statement_timeout = 'abc';
begin;
set local search_path = pg_catalog;
show search_path;
commit;
show search_path;
select current_setting('search_path'), set_config('application_name', 'diff', false);
explain (costs off) select * from loaded where false;
drop table loaded;
vacuum region;
analyze region;
lock table region;
select 1; select 2; select 1/0; select 3;
;
comment on table region is 'four of them';
select obj_description('region'::regclass);
