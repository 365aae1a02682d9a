package io.quantadb.wal.reader;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Lsn;
import io.quantadb.wal.record.RecordDescriber;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordView;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentSource;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Prints WAL records for people, one a line, in the manner of pg_waldump. Never writes to what it reads.
 *
 * <p>Source: PostgreSQL documentation, "pg_waldump". Confined to one thread.
 */
public final class WalDump {
    /**
     * What to print.
     *
     * @param start first record's LSN, or any position at which one starts or ends
     * @param end stop before it; null = go on to the end of the WAL
     * @param resourceManager only this one; -1 = all
     * @param limit stop after so many printed records; 0 = no limit
     * @param statistics print a summary by resource manager and kind instead of the records
     */
    public record Request(Lsn start, Lsn end, int resourceManager, long limit, boolean statistics) {
    }

    private static final class Total {
        long count;
        long bytes;
        long imageBytes;
    }

    private final SegmentLayout layout;
    private final SegmentSource source;
    private final RecordDescriber describer;
    private final Consumer<String> output;

    public WalDump(SegmentLayout layout, SegmentSource source, RecordDescriber describer, Consumer<String> output) {
        this.layout = layout;
        this.source = source;
        this.describer = describer;
        this.output = output;
    }

    /**
     * Prints what was asked for, then a line that says why it stopped where the WAL ended before the request did.
     *
     * @return whether the WAL is sound: it goes on to the requested end or ends as WAL may end
     */
    public boolean run(Request request) throws IOException {
        Map<String, Total> totals = new TreeMap<>();
        long printed = 0;
        try (WalReader reader = new WalReader(layout, source, request.start(), null, WalReader.DamageCheck.ON)) {
            if (request.end() != null) {
                reader.limit(request.end());
            }
            WalRecord record;
            while ((request.limit() == 0 || printed < request.limit()) && (record = reader.next()) != null) {
                if (request.resourceManager() >= 0 && record.resourceManager() != request.resourceManager()) {
                    continue;
                }
                printed++;
                if (request.statistics()) {
                    add(totals, record);
                } else {
                    output.accept(line(record));
                }
            }
            printTotals(request, totals);
            WalEnd end = reader.end();
            if (end != null && end.reason() != WalEnd.Reason.LIMIT) {
                output.accept("end of WAL at " + end.endLsn() + ": " + end.detail());
            }
            return true;
        } catch (WalCorruptionException e) {
            printTotals(request, totals);
            output.accept("damaged: " + e.getMessage());
            return false;
        }
    }

    /** One record as a line of text. */
    public String line(WalRecord record) {
        StringBuilder text = new StringBuilder(160);
        int total = (int) (record.endLsn() - record.startLsn());
        int length = record instanceof WalRecordView view ? view.length() : total;
        text.append(String.format("rmgr: %-16s len: %6d, tx: %10d, lsn: %s, prev %s, desc: %s",
                describer.resourceManagerName(record.resourceManager()), length, record.xid(),
                Lsn.format(record.startLsn()), Lsn.format(record.previousLsn()), describer.describe(record)));
        for (int i = 0; i < record.blockCount(); i++) {
            text.append(", blkref #").append(i).append(": rel ").append(record.relation(i));
            if (record.fork(i) != ForkNumber.MAIN) {
                text.append(" fork").append(record.fork(i).suffix());
            }
            text.append(" blk ").append(Integer.toUnsignedString(record.blockNumber(i)));
            if (record.willInit(i)) {
                text.append(" INIT");
            }
            if (record.hasImage(i)) {
                text.append(" FPW");
                if (record instanceof WalRecordView view) {
                    text.append(" (").append(view.imageLength(i)).append(" bytes)");
                }
            }
        }
        return text.toString();
    }

    private void add(Map<String, Total> totals, WalRecord record) {
        String description = describer.describe(record);
        int space = description.indexOf(' ');
        String kind = space < 0 || description.startsWith("kind ") ? description.replaceFirst(",.*", "")
                : description.substring(0, space);
        Total total = totals.computeIfAbsent(describer.resourceManagerName(record.resourceManager()) + "/" + kind,
                name -> new Total());
        total.count++;
        total.bytes += record.endLsn() - record.startLsn();
        for (int i = 0; i < record.blockCount(); i++) {
            if (record instanceof WalRecordView view) {
                total.imageBytes += view.imageLength(i);
            }
        }
    }

    private void printTotals(Request request, Map<String, Total> totals) {
        if (!request.statistics()) {
            return;
        }
        long count = 0;
        long bytes = 0;
        long imageBytes = 0;
        String format = "%-40s %12d %16d %16d";
        output.accept(String.format("%-40s %12s %16s %16s", "Type", "Records", "Bytes", "of it images"));
        for (Map.Entry<String, Total> entry : totals.entrySet()) {
            Total total = entry.getValue();
            output.accept(String.format(format, entry.getKey(), total.count, total.bytes, total.imageBytes));
            count += total.count;
            bytes += total.bytes;
            imageBytes += total.imageBytes;
        }
        output.accept(String.format(format, "Total", count, bytes, imageBytes));
    }
}
