package io.quantadb.it.slt;

import java.util.ArrayList;
import java.util.List;

/**
 * One record of a sqllogictest file that applies to PostgreSQL.
 *
 * @param line number of the record's first line, from 1
 * @param expectError for statements
 * @param types one letter a column (I, R, T); null for a statement
 * @param sort "nosort", "rowsort" or "valuesort"
 * @param label results of equal labels must be equal; null for none
 * @param expected values, or a single line "N values hashing to MD5"
 * @param hashThreshold more values than this are compared by hash; 0 for never
 */
record SltRecord(int line, String sql, boolean expectError, String types, String sort, String label,
    List<String> expected, int hashThreshold) {

    boolean isQuery() {
        return types != null;
    }

    /**
     * Parses a file of the corpus.
     *
     * <p>Source: sqlite.org, "About Sqllogictest", section "Test Script Format".
     */
    static List<SltRecord> parse(List<String> lines) {
        List<SltRecord> records = new ArrayList<>();
        int threshold = 0;
        boolean skip = false;
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at).strip();
            String[] words = line.split("\\s+");
            switch (words[0]) {
                case "halt" -> {
                    if (!skip) {
                        return records;
                    }
                    skip = false;
                    at++;
                }
                case "hash-threshold" -> {
                    threshold = Integer.parseInt(words[1]);
                    at++;
                }
                case "skipif" -> {
                    skip |= words[1].equals("postgresql");
                    at++;
                }
                case "onlyif" -> {
                    skip |= !words[1].equals("postgresql");
                    at++;
                }
                case "statement", "query" -> {
                    int end = endOfRecord(lines, at);
                    if (!skip) {
                        records.add(record(lines, at, end, words, threshold));
                    }
                    skip = false;
                    at = end;
                }
                default -> {
                    if (!line.isEmpty() && !line.startsWith("#")) {
                        throw new IllegalArgumentException("line " + (at + 1) + ": not a record: " + line);
                    }
                    at++;
                }
            }
        }
        return records;
    }

    private static int endOfRecord(List<String> lines, int start) {
        int end = start;
        while (end < lines.size() && !lines.get(end).isBlank()) {
            end++;
        }
        return end;
    }

    private static SltRecord record(List<String> lines, int start, int end, String[] words, int threshold) {
        int separator = start + 1;
        while (separator < end && !lines.get(separator).strip().equals("----")) {
            separator++;
        }
        String sql = String.join("\n", lines.subList(start + 1, separator));
        if (words[0].equals("statement")) {
            return new SltRecord(start + 1, sql, words[1].equals("error"), null, null, null, List.of(), threshold);
        }
        String sort = words.length > 2 ? words[2] : "nosort";
        String label = words.length > 3 ? words[3] : null;
        List<String> expected = separator < end ? lines.subList(separator + 1, end) : List.of();
        return new SltRecord(start + 1, sql, false, words[1], sort, label, List.copyOf(expected), threshold);
    }
}
