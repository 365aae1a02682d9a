package io.quantadb.it.slt;

import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Runs the records of one file in order on one session. Confined to one thread. */
final class SltRunner {
    /** A record whose outcome is not the file's. */
    record Failure(int line, String sql, String expected, String got) {
        @Override
        public String toString() {
            return "line " + line + ": " + sql.strip() + "\n  expected: " + shortened(expected) + "\n  got:      "
                + shortened(got);
        }

        private static String shortened(String text) {
            return text.length() <= 300 ? text : text.substring(0, 300) + "...";
        }
    }

    private final WireClient session;
    private final Map<String, String> hashByLabel = new HashMap<>();
    private int records;

    SltRunner(WireClient session) {
        this.session = session;
    }

    /** @return the failures, in file order */
    List<Failure> run(Path file) throws IOException {
        List<Failure> failures = new ArrayList<>();
        for (SltRecord record : SltRecord.parse(Files.readAllLines(file))) {
            records++;
            StatementResult result = session.queryOne(record.sql());
            Failure failure = record.isQuery() ? checkQuery(record, result) : checkStatement(record, result);
            if (failure != null) {
                failures.add(failure);
            }
        }
        return failures;
    }

    int records() {
        return records;
    }

    private static Failure checkStatement(SltRecord record, StatementResult result) {
        if (record.expectError() == (result.error != null)) {
            return null;
        }
        return new Failure(record.line(), record.sql(), record.expectError() ? "an error" : "no error",
            describe(result));
    }

    private static String describe(StatementResult result) {
        return result.error == null ? result.tag : "ERROR " + result.sqlState() + ": " + result.errorMessage();
    }

    private Failure checkQuery(SltRecord record, StatementResult result) {
        if (result.error != null) {
            return new Failure(record.line(), record.sql(), "rows", describe(result));
        }
        if (result.columns.size() != record.types().length()) {
            return new Failure(record.line(), record.sql(), record.types().length() + " columns", result.columns.size()
                + " columns");
        }
        List<String> values = formatted(record, result);
        String hash = hash(values);
        String got = record.hashThreshold() > 0 && values.size() > record.hashThreshold()
            ? values.size() + " values hashing to " + hash : String.join("\n", values);
        String expected = String.join("\n", record.expected());
        if (!got.equals(expected) && !matchesHash(record, values, hash)) {
            return new Failure(record.line(), record.sql(), expected, got);
        }
        String before = record.label() == null ? null : hashByLabel.putIfAbsent(record.label(), hash);
        if (before != null && !before.equals(hash)) {
            return new Failure(record.line(), record.sql(), "the result of label " + record.label(), got);
        }
        return null;
    }

    /** Some files carry a hash although the number of values is below the threshold. */
    private static boolean matchesHash(SltRecord record, List<String> values, String hash) {
        return record.expected().size() == 1 && record.expected().getFirst()
            .equals(values.size() + " values hashing to " + hash);
    }

    private static List<String> formatted(SltRecord record, StatementResult result) {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row : result.rows) {
            List<String> formatted = new ArrayList<>(row.size());
            for (int i = 0; i < row.size(); i++) {
                formatted.add(format(record.types().charAt(i), row.get(i)));
            }
            rows.add(formatted);
        }
        if (record.sort().equals("rowsort")) {
            rows.sort((a, b) -> Arrays.compare(a.toArray(String[]::new), b.toArray(String[]::new)));
        }
        List<String> values = new ArrayList<>();
        rows.forEach(values::addAll);
        if (record.sort().equals("valuesort")) {
            Collections.sort(values);
        }
        return values;
    }

    private static String format(char type, String value) {
        if (value == null) {
            return "NULL";
        }
        return switch (type) {
            case 'I' -> integer(value);
            case 'R' -> new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
            default -> value.isEmpty() ? "(empty)" : value.replaceAll("[^ -~]", "@");
        };
    }

    /** As C's atoi would read the text, which is what the corpus's own runner prints. */
    private static String integer(String value) {
        if (value.equals("t")) {
            return "1";
        }
        if (value.equals("f")) {
            return "0";
        }
        try {
            return new BigDecimal(value).setScale(0, RoundingMode.DOWN).toPlainString();
        } catch (NumberFormatException e) {
            return "0";
        }
    }

    private static String hash(List<String> values) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (String value : values) {
                md5.update((value + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
