package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapVacuum;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.WaitPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;

/** Vacuums one table, or its TOAST table, and writes down its size. The caller holds SHARE UPDATE EXCLUSIVE. Confined to one thread. */
final class TableVacuum {
    private static final int INTERRUPT_CHECK_PAGES = 32;

    private final CommandContext context;
    private final RelationDescriptor relation;
    private final VacuumOptions options;
    private final VacuumCost cost;
    private final List<String> indexLines = new ArrayList<>();
    private int pagesSeen;

    TableVacuum(CommandContext context, RelationDescriptor relation, VacuumOptions options, VacuumCost cost) {
        this.context = context;
        this.relation = relation;
        this.options = options;
        this.cost = cost;
    }

    /** The table itself with its indexes. */
    void run() {
        List<IndexDescriptor> indexes = relation.indexes().stream().filter(IndexDescriptor::ready).toList();
        HeapVacuum.Result result = vacuum(context.session.storage().heap(relation), relation,
                indexes.isEmpty() ? null : dead -> clean(indexes, dead));
        double rows = newRowCount(result, relation);
        context.writer().relations().setStatistics(relation.oid(), result.pages() - result.pagesTruncated(), rows,
                result.pagesAllVisible());
        for (IndexDescriptor index : indexes) {
            if (!index.isPartial()) {
                context.writer().relations().setStatistics(index.oid(), context.session.storage().btree(index).pageCount(), rows, 0);
            }
        }
        note(rows, result);
    }

    private void note(double rows, HeapVacuum.Result result) {
        context.session.tableActivity().table(relation).vacuumed((long) rows, result.recentlyDeadRows(), cost.automatic(),
                context.session.services().clock().wallMicros());
    }

    void runToast() {
        RelationDescriptor toast = context.catalog().relation(relation.toastOid());
        HeapVacuum.Result result = vacuum(context.session.storage().heap(relation).toastHeap(), toast, null);
        context.writer().relations().setStatistics(toast.oid(), result.pages() - result.pagesTruncated(),
                newRowCount(result, toast), result.pagesAllVisible());
    }

    private HeapVacuum.Result vacuum(HeapRelation heap, RelationDescriptor what, HeapVacuum.IndexCleaner cleaner) {
        String name = context.catalog().databaseName() + "." + what.schemaName() + "." + what.name();
        if (options.verbose()) {
            VacuumCommand.info(context, "vacuuming \"" + name + "\"");
        }
        long begunNanos = System.nanoTime();
        HeapVacuum.Result result = new HeapVacuum(heap, cleaner).interruptPoint(this::pause)
                .run(mayTruncate() ? this::tryExclusive : null, options.everyPage());
        if (options.verbose()) {
            report(name, what, result, System.nanoTime() - begunNanos);
        }
        return result;
    }

    private void pause() {
        if ((pagesSeen++ & INTERRUPT_CHECK_PAGES - 1) == 0) {
            context.checkInterrupts();
        }
        cost.pause();
    }

    /** Not of catalogs, which everybody has open without locks. */
    private boolean mayTruncate() {
        if (relation.isSystem()) {
            return false;
        }
        return options.truncate() != null ? options.truncate() : !"false".equals(relation.option("vacuum_truncate"));
    }

    /** Whoever opens the table after us must not remember pages beyond the new end. */
    private boolean tryExclusive() {
        boolean locked = context.lock(relation.oid(), relation.shared(), LockMode.ACCESS_EXCLUSIVE, WaitPolicy.NOWAIT);
        if (locked) {
            relation.handle().access = null;
        }
        return locked;
    }

    private void clean(List<IndexDescriptor> indexes, LongPredicate dead) {
        for (IndexDescriptor index : indexes) {
            BTree tree = context.session.storage().btree(index);
            tree.bulkDelete(context.session.txn().record(), dead, this::pause);
            if (options.verbose()) {
                indexLines.add("index \"" + index.name() + "\": pages: " + tree.pageCount()
                        + " in total, 0 newly deleted, 0 currently deleted, 0 reusable");
            }
        }
    }

    /** Pages that were not looked at count as dense as they were before. */
    private static double newRowCount(HeapVacuum.Result result, RelationDescriptor relation) {
        double counted = result.liveRows() - result.recentlyDeadRows();
        int unseen = result.pages() - result.pagesScanned();
        if (unseen == 0) {
            return counted;
        }
        if (result.pagesScanned() == 0 && relation.tuples() >= 0 && relation.pages() == result.pages()) {
            return relation.tuples();
        }
        double density = relation.tuples() >= 0 && relation.pages() > 0 ? relation.tuples() / relation.pages()
                : result.pagesScanned() > 0 ? counted / result.pagesScanned() : 0;
        return Math.floor(density * unseen + counted + 0.5);
    }

    private void report(String name, RelationDescriptor what, HeapVacuum.Result result, long elapsedNanos) {
        int scanned = result.pagesScanned();
        StringBuilder text = new StringBuilder("finished vacuuming \"" + name + "\": index scans: " + result.indexPasses() + "\n");
        text.append("pages: ").append(result.pagesTruncated()).append(" removed, ").append(result.pages() - result.pagesTruncated())
                .append(" remain, ").append(scanned).append(" scanned (").append(percent(scanned, result.pages())).append(" of total)\n");
        text.append("tuples: ").append(result.deadRows()).append(" removed, ").append((long) newRowCount(result, what)).append(" remain, ")
                .append(result.recentlyDeadRows()).append(" are dead but not yet removable\n");
        text.append("index scan ").append(result.indexPasses() > 0 ? "needed: " : "not needed: ").append(result.pagesWithDead())
                .append(" pages from table (").append(percent(result.pagesWithDead(), result.pages()))
                .append(" of total) had dead item identifiers removed\n");
        indexLines.forEach(line -> text.append(line).append('\n'));
        indexLines.clear();
        text.append(String.format(Locale.ROOT, "elapsed: %.2f s", elapsedNanos / 1e9));
        VacuumCommand.info(context, text.toString());
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.2f%%", whole == 0 ? 100.0 : 100.0 * part / whole);
    }
}
