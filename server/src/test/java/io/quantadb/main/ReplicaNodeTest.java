package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.error.SqlException;
import io.quantadb.main.ReplicaScene.Member;
import io.quantadb.main.ReplicaScene.Pump;
import io.quantadb.main.ReplicaScene.Sql;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica follows a primary, reads, is promoted, and the other way round. */
final class ReplicaNodeTest {
    @TempDir
    private Path root;

    private static void assertReplayed(Member primary, Member replica) {
        long lsn = primary.node.wal.insertLsn();
        primary.node.wal.requestFlush(lsn);
        assertTrue(replica.roles().awaitReplayed(lsn, ReplicaScene.soon()), () -> "replay at " + replica.roles().replayedLsn() + " of " + lsn);
    }

    static void promote(Member member, int timeline) throws Exception {
        member.roles().promote(new TimelineId(timeline), member.roles().walEnd());
    }

    @Test
    void shouldCancelQueriesThatThePrimaryDidNotKnowOf() throws Exception {
        Member[] pair = ReplicaScene.pair(root);
        Member a = pair[0];
        Member b = pair[1];
        promote(a, 2);
        b.roles().follow(a.roles().history());
        b.roles().onConflict(50, (lsn, disown) -> b.sessions().forEach(session -> session.cancelReadersBelow(lsn, disown)));
        try (Pump pump = new Pump(a, b); Sql sql = a.sql(); Sql reader = b.sql(); Sql fine = b.sql()) {
            sql.run("create table t (id int primary key, v int); insert into t select i, 0 from generate_series(1, 100) i");
            assertReplayed(a, b);
            reader.run("begin isolation level repeatable read");
            assertEquals(0L, reader.value("select sum(v) from t"));
            fine.run("begin isolation level repeatable read");
            pump.ignoreFeedback = true;
            for (int i = 0; i < 20; i++) {
                sql.run("update t set v = v + 1");
            }
            sql.run("vacuum t");
            assertReplayed(a, b);
            SqlException error = assertThrows(SqlException.class, () -> reader.value("select sum(v) from t"));
            assertEquals("40001", error.code());
            assertEquals("canceling statement due to conflict with recovery", error.getMessage());
            reader.run("rollback");
            assertEquals(2000L, reader.value("select sum(v) from t"));
            assertEquals(2000L, fine.value("select sum(v) from t"));
            fine.run("commit");
            assertEquals("25006", assertThrows(SqlException.class, () -> reader.run("listen x")).code());
            assertEquals("on", reader.value("show transaction_read_only"));
            assertEquals(true, reader.value("select pg_is_in_recovery()"));
            assertEquals("55000", assertThrows(SqlException.class, () -> reader.run("select pg_current_wal_lsn()")).code());
            assertTrue(reader.statuses.contains("in_hot_standby=on"));
            reader.run("wait for lsn '" + Lsn.format(a.node.wal.flushLsn()) + "' with (timeout '5s')");
        }
        a.abandon();
        b.close();
    }

    @Test
    void shouldBeRestartableInOneProcess() throws Exception {
        Member[] pair = ReplicaScene.pair(root);
        pair[1].close();
        Member a = pair[0];
        promote(a, 2);
        a.roles().limit(a.roles().storedLsn());
        int threads = 0;
        long descriptors = 0;
        for (int i = 0; i < 50; i++) {
            a.abandon();
            a.open();
            a.roles().limit(a.roles().storedLsn());
            assertTrue(a.roles().awaitConsistent(ReplicaScene.soon()));
            if (i % 10 == 9) {
                try (Sql sql = a.sql()) {
                    assertEquals(1L, sql.value("select 1::int8"));
                }
            }
            int now = Thread.activeCount();
            long open = open();
            if (i == 4) {
                threads = now;
                descriptors = open;
            }
            assertTrue(i < 5 || now <= threads, "threads " + threads + " became " + now);
            assertTrue(i < 5 || open <= descriptors + 8, "file descriptors " + descriptors + " became " + open);
        }
        a.close();
    }

    private static long open() {
        return ((com.sun.management.UnixOperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void shouldFollowThePrimaryAndTakeOver() throws Exception {
        Member[] pair = ReplicaScene.pair(root);
        Member a = pair[0];
        Member b = pair[1];
        promote(a, 2);
        b.roles().follow(a.roles().history());
        assertTrue(b.roles().awaitConsistent(ReplicaScene.soon()));
        try (Pump pump = new Pump(a, b)) {
            try (Sql sql = a.sql(); Sql reader = b.sql()) {
                sql.run("create table t (id int primary key, v text)");
                sql.run("insert into t select i, 'v' || i from generate_series(1, 1000) i");
                assertReplayed(a, b);
                assertEquals(1000L, reader.value("select count(*) from t"));
                assertEquals("v7", reader.value("select v from t where id = 7"));
                assertEquals("25006", assertThrows(SqlException.class, () -> reader.run("insert into t values (0, '')")).code());
                sql.run("alter table t add column w int default 5");
                assertReplayed(a, b);
                assertEquals(5000L, reader.value("select sum(w) from t"));
                sql.run("truncate t");
                sql.run("insert into t values (1, 'x')");
                assertReplayed(a, b);
                assertEquals(1L, reader.value("select count(*) from t"));
                sql.run("drop table t");
                assertReplayed(a, b);
                assertEquals("42P01", assertThrows(SqlException.class, () -> reader.run("select * from t")).code());
                sql.run("create table u (id int primary key, v int); insert into u select i, i from generate_series(1, 100) i");
                assertReplayed(a, b);
            }
        }
        Lsn end = a.roles().demote(ReplicaScene.soon());
        Pump last = new Pump(a, b);
        last.close();
        promote(b, 3);
        a.roles().follow(b.roles().history());
        try (Pump pump = new Pump(b, a); Sql sql = b.sql(); Sql reader = a.sql()) {
            sql.run("update u set v = v + 1");
            assertReplayed(b, a);
            assertEquals(5150L, reader.value("select sum(v) from u"));
            assertTrue(end.value() > 0);
        }
        assertEquals(null, a.failure.get());
        assertEquals(null, b.failure.get());
        b.abandon();
        a.close();
        a.open();
        assertTrue(a.roles().awaitConsistent(ReplicaScene.soon()));
        try (Sql reader = a.sql()) {
            assertEquals(5150L, reader.value("select sum(v) from u"));
        }
        a.close();
    }
}
