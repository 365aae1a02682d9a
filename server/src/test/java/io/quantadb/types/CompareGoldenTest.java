package io.quantadb.types;

import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import io.quantadb.types.key.KeyReader;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Goal: order, equality, hashing and the order of key bytes agree with PostgreSQL's btree operators. Method: golden
 * file {@code types/compare.tsv}: all pairs of chosen values a type, from {@code generate_golden.py}.
 */
class CompareGoldenTest {
    @Test
    void shouldCompareHashAndEncodeKeysLikePostgres() {
        List<String> failures = new ArrayList<>();
        List<String[]> rows = GoldenFile.read("compare.tsv");
        for (String[] row : rows) {
            TestTypes.Typed typed = TestTypes.resolve(row[0]);
            TypeOps ops = typed.type().ops();
            Object a = ops.fromText(row[1], typed.typmod(), TextContext.DEFAULT);
            Object b = ops.fromText(row[2], typed.typmod(), TextContext.DEFAULT);
            int expected = Integer.parseInt(row[3]);
            String pair = row[0] + " [" + row[1] + "] [" + row[2] + "] expected " + expected + ": ";
            if (Integer.signum(ops.compare(a, b)) != expected) {
                failures.add(pair + "compare gives " + ops.compare(a, b));
            }
            if (ops.equal(a, b) != (expected == 0) || ops.hashKey(a).equals(ops.hashKey(b)) != (expected == 0)) {
                failures.add(pair + "equality differs");
            }
            if (expected == 0 && ops.hash(a) != ops.hash(b)) {
                failures.add(pair + "hash differs");
            }
            checkKeys(typed, a, b, expected, pair, failures);
        }
        TypeGoldenTest.report(failures, rows.size());
    }

    private static void checkKeys(TestTypes.Typed typed, Object a, Object b, int expected, String pair,
            List<String> failures) {
        KeyEncoder encoder = KeyEncoder.of(typed.type(), typed.typmod());
        for (boolean descending : new boolean[] {false, true}) {
            KeyBuffer keyA = new KeyBuffer();
            KeyBuffer keyB = new KeyBuffer();
            encoder.encode(a, descending, false, keyA);
            encoder.encode(b, descending, false, keyB);
            // A second column tells whether the first one delimits itself.
            keyA.putByte(expected == 0 ? 7 : 0xFF);
            keyB.putByte(expected == 0 ? 7 : 0x00);
            int order = Integer.signum(Arrays.compareUnsigned(keyA.toByteArray(), keyB.toByteArray()));
            if (order != (descending ? -expected : expected)) {
                failures.add(pair + "key order is " + order + " descending " + descending);
            }
            KeyReader reader = new KeyReader(keyA.array(), 0, keyA.length());
            if (!(encoder.decode(reader, descending) instanceof Object back)) {
                failures.add(pair + "key decodes to null");
                continue;
            }
            String printed = typed.type().ops().toText(back, TextContext.DEFAULT);
            boolean same = encoder.decodable()
                    ? printed.equals(typed.type().ops().toText(a, TextContext.DEFAULT))
                    : typed.type().oid() == Oids.INTERVAL || typed.type().ops().equal(back, a);
            if (!same || reader.position() != keyA.length() - 1) {
                failures.add(pair + "key decodes to " + printed);
            }
        }
    }
}
