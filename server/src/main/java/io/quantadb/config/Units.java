package io.quantadb.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes ("8GB", "75% of available RAM") and durations ("5s", "5m") as the configuration file writes them. */
public final class Units {
    public static final String SIZES_ALLOWED = "a size such as \"16MB\", \"8GB\" or \"75% of available RAM\"";
    public static final String DURATIONS_ALLOWED = "a duration such as \"500ms\", \"5s\", \"5m\" or \"1h\"";

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|kB|KB|MB|GB|TB)");
    private static final Pattern SHARE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*% of available RAM");
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|min|h|d)");
    private static final Map<String,
            Long> SIZE_UNITS = Map.of("B", 1L, "kB", 1L << 10, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30,
        "TB", 1L << 40);
    private static final Map<String,
            Long> DURATION_MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L,
        "d", 86_400_000L);

    private Units() {
    }

    /**
     * Reads a size.
     *
     * @param availableBytes what a percentage refers to
     * @return bytes; -1 if the text is no size
     */
    public static long bytes(String text, long availableBytes) {
        Matcher share = SHARE.matcher(text.trim());
        if (share.matches()) {
            double percent = Double.parseDouble(share.group(1));
            return percent > 100 ? -1 : (long) (availableBytes * percent / 100);
        }
        Matcher size = SIZE.matcher(text.trim());
        return size.matches() ? (long) (Double.parseDouble(size.group(1)) * SIZE_UNITS.get(size.group(2))) : -1;
    }

    /** Milliseconds; -1 if the text is no duration. */
    public static long millis(String text) {
        Matcher duration = DURATION.matcher(text.trim());
        return duration.matches()
                ? (long) (Double.parseDouble(duration.group(1)) * DURATION_MILLIS.get(duration.group(2))) : -1;
    }
}
