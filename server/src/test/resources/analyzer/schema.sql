-- The scene of queries.txt; TestScene makes the same objects in our catalog.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
CREATE DOMAIN code AS varchar(3);
CREATE TYPE addr AS (street text, zip integer);
CREATE TABLE t (a integer PRIMARY KEY, b text, c numeric(10,2), d date, e varchar(10) DEFAULT 'x', f integer[],
    g jsonb, h boolean);
CREATE TABLE u (a integer, x bigint, y double precision, z timestamp, w char(5), ts timestamptz, iv interval);
CREATE TABLE p (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ad addr, m mood, dm posint,
    gen integer GENERATED ALWAYS AS (2 * 3) STORED, cd code, sm smallint, js json);
CREATE VIEW v AS SELECT a, b, upper(b) AS ub FROM t;
