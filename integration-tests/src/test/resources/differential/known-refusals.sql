-- Geometric types other than point have no implementation.
select '((1,2),(3,4))'::polygon;
-- Dates inside jsonpath would need items that are no JSON.
select jsonb_path_query('"2020-01-01"', '$.datetime()');
-- Languages other than SQL.
create function f() returns int language plpgsql as 'begin return 1; end';
do 'begin end';
-- Output parameters of procedures: CALL describes no rows yet.
create procedure p(out a int) language sql as 'select 1';
-- A Query that prepares for two-phase commit would have to outlive its session.
begin; prepare transaction 'x';
commit prepared 'x';
rollback prepared 'x';
-- SQL functions see the caller's transaction and cannot show plans.
create function g() returns text language sql window as 'select 1';
