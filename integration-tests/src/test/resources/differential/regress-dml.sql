create table items (id int primary key, name text unique, qty int default 1 check (qty >= 0), price numeric(8,2) not null default 9.99, tags text[] default '{}', note text);
insert into items (id, name) values (1, 'apple') returning *;
insert into items values (2, 'pear', 5, 1.25, '{x}', 'n'), (3, 'plum', default, default, default, default) returning id, qty, price;
insert into items (name, id) select 'fig' || g, 10 + g from generate_series(1, 3) g returning id, name;
insert into items default values;
insert into items values (1, 'dup');
insert into items values (4, 'apple');
insert into items values (4, 'neg', -1);
insert into items values (4, 'x', 1, null);
insert into items values (4, 'x', 'abc');
insert into items values (4, 'x', 99999999999);
insert into items values (4, 'x', 1, 12345678.9);
insert into items (id, id) values (1, 2);
insert into items (id, nope) values (1, 2);
insert into items (id) values (1, 2);
insert into items (id, name) values (1);
insert into items values (1, 2, 3, 4, '{}', 6, 7);
insert into nope values (1);
insert into items (id, name) values (1, 'apple') on conflict do nothing;
insert into items (id, name, qty) values (1, 'apple', 7) on conflict (id) do update set qty = items.qty + excluded.qty returning id, qty;
insert into items (id, name) values (20, 'apple') on conflict (name) do update set note = 'conflict ' || excluded.id returning *;
insert into items (id, name, qty) values (1, 'apple', 3) on conflict (id) do update set qty = excluded.qty where items.qty > 100 returning *;
insert into items (id, name) values (1, 'pear') on conflict (id) do nothing returning *;
insert into items (id, name) values (1, 'a'), (1, 'b') on conflict (id) do update set name = excluded.name;
insert into items (id, name) values (1, 'x') on conflict (qty) do nothing;
insert into items (id, name) values (1, 'x') on conflict on constraint items_pkey do update set note = 'by constraint' returning note;
insert into items (id, name) values (1, 'x') on conflict on constraint nope do nothing;
insert into items (id, name) values (1, 'x') on conflict do update set name = 'y';
insert into items as i (id, name) values (2, 'x') on conflict (id) do update set (qty, note) = (excluded.id, i.name) returning i.qty, i.note;
update items set qty = qty + 1, price = price * 2 where id = 2 returning id, qty, price;
update items set (qty, note) = (select 9, 'sub') where id = 3 returning qty, note;
update items set qty = default, note = default where id = 3 returning qty, note;
update items i set note = o.name from items o where o.id = i.id + 1 and i.id < 3 returning i.id, i.note, o.id;
update items set id = 2 where id = 3;
update items set qty = -5 where id = 1;
update items set price = null where id = 1;
update items set nope = 1;
update items set id = 'x';
update nope set a = 1;
update items set qty = (select 1 union select 2);
update items set name = upper(name) where id in (select id from items where qty > 5) returning name;
update only items * set qty = 1;
delete from items where id = 13 returning *;
delete from items i using items o where o.id = i.id and o.name = 'fig1' returning i.id, o.name;
delete from items where nope = 1;
delete from items where id = (select max(id) from items) returning id;
select id, name, qty, price, note from items order by id;
create table stock (id int primary key, qty int, note text);
insert into stock values (1, 10, 'a'), (2, 20, 'b'), (3, 0, 'c');
create table moves (id int, delta int);
insert into moves values (1, -3), (2, -20), (4, 7), (5, null);
merge into stock s using moves m on s.id = m.id when matched and s.qty + m.delta = 0 then delete when matched then update set qty = s.qty + m.delta when not matched and m.delta is null then do nothing when not matched then insert (id, qty, note) values (m.id, m.delta, 'new');
select * from stock order by id;
merge into stock using (values (3)) v(k) on id = k when matched then update set note = 'matched ' || k, qty = default when not matched then insert values (k);
select * from stock order by id;
merge into stock s using moves m on true when matched then update set qty = 1;
merge into stock s using moves m on s.id = m.id when not matched then update set qty = 1;
merge into stock s using moves m on s.id = m.id when matched then insert values (1);
merge into stock s using moves m on s.id = m.id when matched then update set qty = s.qty returning 1;
with src as (select 9 as id, 90 as q) merge into stock t using src on t.id = src.id when not matched then insert (id, qty) values (src.id, src.q);
merge into stock t using (select 9 as id) s on t.id = s.id when matched and t.qty > 50 then delete when matched then do nothing;
select count(*) from stock;
create table parent (id int primary key, v text);
create table child (id int primary key, pid int references parent (id) on delete cascade on update cascade, x int references parent (id) on delete set null deferrable initially deferred);
insert into parent values (1, 'a'), (2, 'b'), (3, 'c');
insert into child values (1, 1, 2), (2, 2, 3);
insert into child values (3, 99, null);
update parent set id = 10 where id = 1;
select * from child order by id;
delete from parent where id = 10;
select * from child order by id;
delete from parent where id = 3;
select * from child order by id;
begin;
insert into child values (5, 2, 77);
commit;
begin;
insert into child values (5, 2, 77);
set constraints all immediate;
rollback;
begin;
insert into child values (5, 2, 77);
insert into parent values (77, 'late');
commit;
truncate parent;
truncate parent, child;
select count(*) from parent;
create table gen (id int generated always as identity, a int, b int generated always as (a * 2) stored, c serial);
insert into gen (a) values (1), (2) returning *;
insert into gen (id, a) values (100, 3);
insert into gen (id, a) overriding system value values (100, 3) returning *;
insert into gen (a, b) values (1, 2);
insert into gen (a, b) values (1, default) returning *;
update gen set a = 50 where id = 1 returning *;
update gen set b = 1;
update gen set id = 5;
create sequence sq start 5 increment 2 maxvalue 9;
select nextval('sq'), nextval('sq'), currval('sq'), lastval(), nextval('sq');
select nextval('sq');
select setval('sq', 5), nextval('sq'), setval('sq', 5, false), nextval('sq');
select setval('sq', 100);
select currval('gen_c_seq'), pg_get_serial_sequence('gen', 'c'), pg_get_serial_sequence('gen', 'id');
select last_value, is_called from sq;
alter sequence sq restart cycle;
select nextval('sq'), nextval('sq'), nextval('sq'), nextval('sq');
select nextval('nope');
create sequence bad increment 0;
create sequence bad minvalue 10 maxvalue 5;
drop sequence sq;
begin;
insert into items (id, name) values (100, 'tx');
savepoint a;
insert into items (id, name) values (101, 'tx2');
savepoint b;
insert into items (id, name) values (100, 'dup');
select 1;
rollback to b;
insert into items (id, name) values (102, 'tx3');
release a;
rollback to a;
rollback;
select count(*) from items where id >= 100;
begin;
savepoint x;
savepoint x;
rollback to x;
release x;
release x;
release x;
rollback;
begin read only;
insert into items (id, name) values (200, 'ro');
rollback;
begin isolation level serializable, read write;
show transaction_isolation;
set transaction isolation level read committed;
select 1;
set transaction isolation level repeatable read;
rollback;
begin;
begin;
commit;
commit;
rollback;
start transaction;
commit and chain;
rollback and chain;
rollback;
savepoint outside;
prepare transaction 'x';
begin; select 1; select 1 / 0; select 2; commit;
select 1; select 2;
select 1; select nope; select 2;
copy (select id, name, note from items order by id) to stdout;
copy items (id, name, note) to stdout with (format csv, header, force_quote (name));
copy (select 'a,b', 'c"d', null, '', E'x\ny', 5) to stdout (format csv);
copy (select 'a,b', 'c"d', null, '', E'x\ny\tz\\', 5) to stdout (null 'NULL', delimiter '|');
copy (select 'a', null) to stdout (format csv, null 'nil', quote '''', delimiter ';');
create table cp (a int, b text, c numeric);
copy cp from stdin;
1	one	1.5
2	\N	\N
3	t\\ab\nnl	2
\.
copy cp from stdin with (format csv, header);
a,b,c
4,"four, quoted",4.5
5,,
6,"",6
\.
copy cp (a, b) from stdin with (delimiter '|', null 'NIL');
7|seven
8|NIL
\.
select * from cp order by a;
copy cp from stdin;
x	bad	1
\.
copy cp from stdin;
1	too	many	cols
\.
copy cp from stdin;
1	few
\.
copy cp from stdin (format csv);
1,"unterminated,2
\.
copy nope from stdin;
\.
copy cp from stdin (format nope);
\.
copy cp (nope) to stdout;
copy cp to stdout (delimiter 'ab');
copy cp from stdin where a > 9;
9	nine	1
10	ten	2
\.
select * from cp where a > 8;
