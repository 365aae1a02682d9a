package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: a read-only transaction refuses what PostgreSQL 15 refuses, in its words, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadOnlyTest {
    private ServerProcess server;
    private Connection connection;
    private Statement statement;

    @BeforeAll
    void start() throws SQLException {
        server = ServerProcess.startNew();
        connection = DriverManager.getConnection(server.jdbcUrl(DatabaseServer.USER), DatabaseServer.USER,
            DatabaseServer.PASSWORD);
        statement = connection.createStatement();
        statement.execute("create table t (a int primary key, b text); create sequence s; create temp table tt (a int);"
            + " create view v as select * from t; create type e as enum ('a'); create materialized view mv as select 1");
        connection.setAutoCommit(false);
    }

    @AfterAll
    void stop() throws SQLException {
        connection.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "insert into t values (1)|INSERT", "update t set a = 1|UPDATE", "delete from t|DELETE",
        "with i as (insert into t values (1) returning a) select * from i|SELECT",
        "select * from t for update|SELECT FOR UPDATE", "select * from t for key share|SELECT FOR KEY SHARE",
        "select nextval('s')|nextval()", "select setval('s', 1)|setval()", "copy t from stdin|COPY FROM",
        "explain analyze insert into t values (1)|INSERT",
        "create table x (a int)|CREATE TABLE", "create temp table x (a int)|CREATE TABLE",
        "create table x as select 1|CREATE TABLE AS", "select 1 into x|SELECT INTO", "create view x as select 1|CREATE VIEW",
        "create index on t (b)|CREATE INDEX", "create schema x|CREATE SCHEMA", "create role x|CREATE ROLE",
        "create type x as (a int)|CREATE TYPE", "create domain x as int|CREATE DOMAIN", "alter table t add c int|ALTER TABLE",
        "alter view v rename to w|ALTER VIEW", "alter type e add value 'b'|ALTER TYPE", "alter sequence s restart|ALTER SEQUENCE",
        "drop table t|DROP TABLE", "drop materialized view mv|DROP MATERIALIZED VIEW", "truncate t|TRUNCATE TABLE",
        "truncate tt|TRUNCATE TABLE", "comment on table t is 'x'|COMMENT", "grant select on t to public|GRANT",
        "refresh materialized view mv|REFRESH MATERIALIZED VIEW"})
    void shouldRefuse(String sql, String command) throws SQLException {
        statement.execute("set transaction read only");
        try {
            statement.execute(sql);
            throw new AssertionError(sql + " was not refused");
        } catch (SQLException e) {
            assertEquals("25006 ERROR: cannot execute " + command + " in a read-only transaction",
                e.getSQLState() + " " + e.getMessage());
        } finally {
            connection.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"select * from t", "insert into tt values (1)", "update tt set a = 2", "delete from tt",
        "select * from tt for update", "explain insert into t values (1)", "analyze t", "lock table t in exclusive mode",
        "set work_mem = '1MB'", "declare c cursor for select 1", "notify x", "set constraints all deferred",
        "savepoint a"})
    void shouldAllow(String sql) throws SQLException {
        statement.execute("set transaction read only");
        statement.execute(sql);
        connection.rollback();
    }
}
