package io.quantadb.types.datetime;

import io.quantadb.base.Invariant;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Time zone abbreviations for input and output, from two small tables loaded when first needed. */
public final class ZoneAbbreviations {
    private ZoneAbbreviations() {
    }

    /**
     * What an abbreviation means in input.
     *
     * @param offset seconds east of UTC
     * @param daylight whether it names daylight saving time
     */
    public record Meaning(int offset, boolean daylight) {
    }

    private static final class Input {
        static final Map<String, Meaning> BY_NAME = new HashMap<>();

        static {
            for (String line : lines("input-abbreviations.txt")) {
                String[] words = line.split(" ");
                BY_NAME.put(words[0], new Meaning(Integer.parseInt(words[1]), words[2].equals("1")));
            }
        }
    }

    private static final class Output {
        static final Map<String, String[]> BY_ZONE = new HashMap<>();

        static {
            for (String line : lines("zone-abbreviations.txt")) {
                String[] words = line.split(" ");
                BY_ZONE.put(words[0], words);
            }
        }
    }

    /** Meaning of a lower-case abbreviation in input, or null. */
    public static Meaning forInput(String lowerCase) {
        return Input.BY_NAME.get(lowerCase);
    }

    /** Abbreviation a zone uses for an offset nowadays, or null. */
    static String forOutput(String zone, int offset) {
        String[] words = Output.BY_ZONE.get(zone);
        for (int i = 1; words != null && i < words.length; i += 2) {
            if (Integer.parseInt(words[i]) == offset) {
                return words[i + 1];
            }
        }
        return null;
    }

    private static List<String> lines(String resource) {
        try (var in = ZoneAbbreviations.class.getResourceAsStream(resource);
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw Invariant.broken("cannot read table %s: %s", resource, e);
        }
    }
}
