package io.quantadb.types;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the tab-separated files that {@code generate_golden.py} wrote with COPY. */
public final class GoldenFile {
    private GoldenFile() {
    }

    public static List<String[]> read(String name) {
        List<String[]> rows = new ArrayList<>();
        try (var in = GoldenFile.class.getResourceAsStream("/types/" + name);
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split("\t", -1);
                for (int i = 0; i < fields.length; i++) {
                    fields[i] = unescape(fields[i]);
                }
                rows.add(fields);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\') {
                c = field.charAt(++i);
                c = switch (c) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'v' -> '\u000B';
                    default -> c;
                };
            }
            out.append(c);
        }
        return out.toString();
    }

    /** The form the golden files give an error. */
    public static String describe(io.quantadb.error.SqlException e) {
        return "!" + e.code() + " " + e.getMessage() + (e.detail() == null ? "" : "|" + e.detail());
    }
}
