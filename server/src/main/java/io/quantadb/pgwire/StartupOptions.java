package io.quantadb.pgwire;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The startup parameter {@code options}: {@code -c name=value} and {@code --name=value}, separated by blanks, which a
 * backslash quotes.
 */
final class StartupOptions {
    private StartupOptions() {
    }

    static Map<String, String> parse(String options) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> words = split(options);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-c") && i + 1 < words.size()) {
                assign(words.get(++i), settings);
            } else if (word.startsWith("-c")) {
                assign(word.substring(2), settings);
            } else if (word.startsWith("--")) {
                assign(word.substring(2), settings);
            } else {
                throw new SqlException(SqlState.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
            }
        }
        return settings;
    }

    private static void assign(String text, Map<String, String> settings) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "-c " + text + " requires a value");
        }
        settings.put(text.substring(0, equals).replace('-', '_'), text.substring(equals + 1));
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
