package io.quantadb.it.crash;

import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares a restarted server with what its clients were told. Confined to one thread. */
final class KillChecker {
    private static final int POINT_LOOKUPS = 50;
    private final WireClient session;
    private final List<String> problems = new ArrayList<>();

    KillChecker(WireClient session) {
        this.session = session;
    }

    /** @return what is wrong; empty when all is well */
    List<String> check(List<KillLoad> loads) {
        checkSums();
        for (KillLoad load : loads) {
            checkWorker(load);
        }
        checkIndexes(loads);
        return problems;
    }

    private void checkSums() {
        none("accounts differ from the ledger: a transaction is there in part", """
            select a.id, a.balance, coalesce(l.net, 0) from accounts a left join
                (select id, sum(x) as net from (select a as id, -amount as x from ledger union all select b, amount from ledger) t group by id) l
            on l.id = a.id where a.balance <> coalesce(l.net, 0)""");
        none("changes differ from the ledger", """
            select a.id, a.changes, coalesce(l.n, 0) from accounts a left join
                (select id, count(*) as n from (select a as id from ledger union all select b from ledger) t group by id) l
            on l.id = a.id where a.changes <> coalesce(l.n, 0)""");
        equal("number of accounts", Integer.toString(KillLoad.ACCOUNTS), value("select count(*) from accounts"));
        none("batches are there in part",
            "select worker, batch, count(*) from items group by worker, batch having count(*) <> "
            + KillLoad.BATCH_ROWS);
        none("rows of rolled-back transactions", "select * from items where batch = -1 limit 5");
        none("keys are there twice", "select id, count(*) from items group by id having count(*) > 1");
        none("labels are there twice", "select label, count(*) from items group by label having count(*) > 1");
    }

    private void checkWorker(KillLoad load) {
        int worker = load.worker();
        List<String> ledger = session.queryOne(
            "select count(*), coalesce(max(seq), 0), coalesce(min(seq), 1) from ledger where worker = " + worker)
            .throwIfFailed().rows.getFirst();
        int found = Integer.parseInt(ledger.get(1));
        if (found != Integer.parseInt(ledger.get(0)) || !ledger.get(2).equals("1")) {
            problems.add("worker " + worker + ": gaps in the ledger: " + ledger);
        }
        int most = load.transfersAcknowledged + (load.transferUncertain ? 1 : 0);
        if (found < load.transfersAcknowledged || found > most) {
            problems.add("worker " + worker + ": ledger ends at " + found + ", acknowledged "
                + load.transfersAcknowledged + ", possible " + most);
        }
        Set<String> batches = values("select distinct batch from items where worker = " + worker);
        boolean batchFound = batches.remove(Integer.toString(load.batchUncertain));
        Set<String> expectedBatches = new TreeSet<>();
        load.batches.forEach(batch -> expectedBatches.add(Integer.toString(batch)));
        compareSets("worker " + worker + ": batches", expectedBatches, batches);
        Set<String> tables = values("select relname from pg_class where relkind = 'r' and relname like 'extra\\_"
            + worker + "\\_%'");
        boolean tableFound = load.tableUncertain != null && tables.remove(load.tableUncertain);
        compareSets("worker " + worker + ": tables", new TreeSet<>(load.tables), tables);
        for (String table : tables) {
            equal("rows of " + table, "20/140", value("select count(*) || '/' || sum(more) from " + table));
        }
        boolean indexFound = !values("select relname from pg_class where relname = 'items_by_label_" + worker + "'")
            .isEmpty();
        if (load.index != null && load.index != indexFound) {
            problems.add("worker " + worker + ": its index "
                + (indexFound ? "is there, its drop was acknowledged" : "is missing"));
        }
        load.settle(found, batchFound, tableFound, indexFound);
    }

    /** Reads the same rows by table scan and by every index. */
    private void checkIndexes(List<KillLoad> loads) {
        String all = "select count(*) || '/' || coalesce(sum(id), 0) || '/' || coalesce(sum(length(label)), 0) from items";
        session.execute("set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off");
        String byScan = value(all);
        List<List<String>> rows = session.queryOne("select id, worker, batch, n, label from items order by id")
            .throwIfFailed().rows;
        session.execute(
            "reset enable_indexscan; reset enable_bitmapscan; reset enable_indexonlyscan; set enable_seqscan = off; set enable_sort = off");
        equal("items by primary key", byScan, value(all + " where id >= 0"));
        equal("items by worker and batch", byScan, value(all + " where worker >= 0 and batch > -5"));
        equal("items by label", byScan, value(all + " where label >= ''"));
        for (int i = 0; i < rows.size(); i += Math.max(1, rows.size() / POINT_LOOKUPS)) {
            List<String> row = rows.get(i);
            equal("item by id " + row, row.get(4), value("select label from items where id = " + row.get(0)));
            equal("item by label " + row, row.get(0), value("select id from items where label = '" + row.get(4) + "'"));
            equal("item by batch " + row, row.get(0),
                value("select id from items where worker = " + row.get(1) + " and batch = " + row.get(2) + " and n = "
                + row.get(3)));
        }
        session.execute("reset enable_seqscan; reset enable_sort");
        for (KillLoad load : loads) {
            // The next number of a worker must be free for its next transfer: the unique index has no entry from the
            // dead.
            none("ledger key ahead of worker " + load.worker(),
                "select * from ledger where worker = " + load.worker() + " and seq = "
                + (load.transfersAcknowledged + 1));
        }
    }

    private String value(String sql) {
        StatementResult result = session.queryOne(sql).throwIfFailed();
        return result.rows.size() == 1 ? result.rows.getFirst().getFirst() : result.rows.size() + " rows";
    }

    private Set<String> values(String sql) {
        Set<String> values = new HashSet<>();
        session.queryOne(sql).throwIfFailed().rows.forEach(row -> values.add(row.getFirst()));
        return values;
    }

    private void none(String problem, String sql) {
        StatementResult result = session.queryOne(sql).throwIfFailed();
        if (!result.rows.isEmpty()) {
            problems.add(problem + ": " + result.rows.subList(0, Math.min(5, result.rows.size())) + " of "
                + result.rows.size());
        }
    }

    private void equal(String what, String expected, String got) {
        if (!expected.equals(got)) {
            problems.add(what + ": expected " + expected + ", got " + got);
        }
    }

    private void compareSets(String what, Set<String> expected, Set<String> got) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(got);
        Set<String> extra = new TreeSet<>(got);
        extra.removeAll(expected);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            problems.add(what + ": missing " + missing + ", extra " + extra);
        }
    }
}
