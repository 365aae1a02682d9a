create schema d;
set search_path = d, public;
create type mood as enum ('sad', 'ok', 'happy');
create type pair as (x int, y text);
create domain posint as int check (value > 0);
create domain shorttext as varchar(10) default 'none';
create table t (id int primary key, a int, b bigint, s smallint, n numeric(10,2), r real, f double precision, x text, v varchar(20), c char(5),
  flag boolean, d date, ts timestamp, tz timestamptz, tm time, ttz timetz, iv interval, j json, jb jsonb, u uuid, by bytea, arr int[], tarr text[], m mood,
  p pair, po posint, st shorttext, bi bit(4), vb bit varying(8), nm name, ch "char", o oid, ip inet);
create table t2 (id int, t_id int references t, w text, amount numeric, "Mixed Case" int, "select" text);
create table t3 (id int, k int, w text);
create view base as select id, a, x from t;
create function twice(i int) returns int language sql immutable as 'select i * 2';
create sequence seq;
