package io.quantadb.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.quantadb.error.SqlException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Goal: text input, text output and binary form of every type are PostgreSQL's, errors included. Method: golden file
 * {@code types/text.tsv}, produced from PostgreSQL 15 by {@code generate_golden.py} beside it, which casts each input
 * to each type under several settings.
 */
class TypeGoldenTest {
    @Test
    void shouldReadAndPrintLikePostgres() {
        List<String> failures = new ArrayList<>();
        List<String[]> rows = GoldenFile.read("text.tsv");
        assertTrue(rows.size() > 1000, "golden file is too small");
        for (String[] row : rows) {
            String actual = readAndPrint(row);
            if (!actual.equals(row[3])) {
                failures.add(row[1] + " [" + row[2] + "] {" + row[0] + "}\n   expected " + row[3] + "\n   actual   "
                        + actual);
            }
        }
        report(failures, rows.size());
    }

    static void report(List<String> failures, int total) {
        if (!failures.isEmpty()) {
            fail(failures.size() + " of " + total + " differ:\n" + String.join("\n", failures));
        }
    }

    private static String readAndPrint(String[] row) {
        TestTypes.Typed typed = TestTypes.resolve(row[1]);
        TextContext ctx = TestTypes.context(row[0]);
        try {
            Object value = typed.read(row[2], ctx);
            String text = typed.type().ops().toText(value, ctx);
            ByteArraySink sink = new ByteArraySink();
            typed.type().ops().writeText(value, sink, ctx);
            assertEquals(text, sink.toString(), "writeText and toText");
            return text;
        } catch (SqlException e) {
            return GoldenFile.describe(e);
        }
    }

    @Test
    void shouldSendAndReceiveLikePostgres() {
        List<String> failures = new ArrayList<>();
        int checked = 0;
        for (String[] row : GoldenFile.read("text.tsv")) {
            if (row[3].startsWith("!") || row[4].equals("!") || row[1].equals("void")) {
                continue;
            }
            checked++;
            TestTypes.Typed typed = TestTypes.resolve(row[1]);
            TextContext ctx = TestTypes.context(row[0]);
            TypeOps ops = typed.type().ops();
            try {
                Object value = typed.read(row[2], ctx);
                ByteArraySink sink = new ByteArraySink();
                ops.writeBinary(value, sink);
                String hex = HexFormat.of().formatHex(sink.toByteArray());
                if (!hex.equals(row[4])) {
                    failures.add(row[1] + " [" + row[2] + "]\n   expected " + row[4] + "\n   actual   " + hex);
                    continue;
                }
                Object received = ops.fromBinary(sink.toByteArray(), typed.typmod());
                if (!ops.toText(received, ctx).equals(ops.toText(value, ctx))) {
                    failures.add(row[1] + " [" + row[2] + "] received as " + ops.toText(received, ctx));
                }
            } catch (SqlException e) {
                failures.add(row[1] + " [" + row[2] + "] " + e);
            }
        }
        assertTrue(checked > 500, "too few rows checked: " + checked);
        report(failures, checked);
    }

    @Test
    void shouldStoreEveryValueExactly() {
        List<String> failures = new ArrayList<>();
        for (String[] row : GoldenFile.read("text.tsv")) {
            if (row[3].startsWith("!")) {
                continue;
            }
            TestTypes.Typed typed = TestTypes.resolve(row[1]);
            TextContext ctx = TestTypes.context(row[0]);
            TypeOps ops = typed.type().ops();
            Object value = typed.read(row[2], ctx);
            byte[] stored = ops.encode(value);
            byte[] shifted = new byte[stored.length + 7];
            System.arraycopy(stored, 0, shifted, 3, stored.length);
            Object back = ops.decode(shifted, 3, stored.length);
            if (!ops.toText(back, ctx).equals(ops.toText(value, ctx)) || stored.length != ops.diskSize(value)
                    || typed.type().storageWidth() >= 0 && stored.length != typed.type().storageWidth()) {
                failures.add(row[1] + " [" + row[2] + "] stored as " + HexFormat.of().formatHex(stored));
            }
        }
        report(failures, 0);
    }
}
