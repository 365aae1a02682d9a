package io.quantadb.it.slt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The records on which PostgreSQL 15 differs from the corpus, from {@code slt/exceptions.txt}. Confined to one thread.
 */
final class SltExceptions {
    private record Entry(String file, Pattern statement, Pattern outcome, String reason) {
        boolean covers(String failedFile, SltRunner.Failure failure) {
            return file.equals(failedFile) && statement.matcher(failure.sql()).find()
                && outcome.matcher(failure.got()).find();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Set<Entry> used = new HashSet<>();

    static SltExceptions load() throws IOException {
        SltExceptions exceptions = new SltExceptions();
        try (InputStream in = SltExceptions.class.getResourceAsStream("/slt/exceptions.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] fields = line.split(" ;; ");
                    if (fields.length != 4) {
                        throw new IllegalArgumentException("an exception has four fields: " + line);
                    }
                    exceptions.entries.add(new Entry(fields[0], Pattern.compile(fields[1]), Pattern.compile(fields[2]),
                        fields[3]));
                }
            }
        }
        return exceptions;
    }

    /** The failures no entry explains. */
    List<SltRunner.Failure> unexplained(String file, List<SltRunner.Failure> failures) {
        List<SltRunner.Failure> left = new ArrayList<>();
        for (SltRunner.Failure failure : failures) {
            Entry entry = entries.stream().filter(e -> e.covers(file, failure)).findFirst().orElse(null);
            if (entry == null) {
                left.add(failure);
            } else {
                used.add(entry);
            }
        }
        return left;
    }

    Set<String> files() {
        Set<String> files = new HashSet<>();
        entries.forEach(entry -> files.add(entry.file()));
        return files;
    }

    /** Reasons of entries that have explained nothing so far. */
    List<String> unused() {
        return entries.stream().filter(entry -> !used.contains(entry))
            .map(entry -> entry.file() + ": " + entry.reason()).toList();
    }
}
