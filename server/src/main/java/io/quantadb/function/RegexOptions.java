package io.quantadb.function;

/** Options of a regular expression, from the flags argument of the regexp functions and from the pattern itself. */
final class RegexOptions {
    boolean global;
    boolean ignoreCase;
    boolean expanded;
    boolean literal;
    /** ERE: no escapes, no non-greedy quantifiers. */
    boolean extended;
    /** Dot and negated brackets do not match a newline. */
    boolean dotSkipsNewline;
    /** {@code ^} and {@code $} match at lines. */
    boolean multiline;

    RegexOptions copy() {
        RegexOptions copy = new RegexOptions();
        copy.global = global;
        copy.ignoreCase = ignoreCase;
        copy.expanded = expanded;
        copy.literal = literal;
        copy.extended = extended;
        copy.dotSkipsNewline = dotSkipsNewline;
        copy.multiline = multiline;
        return copy;
    }

    /** @return false if there is no such option */
    boolean set(char option) {
        switch (option) {
            case 'b' -> throw io.quantadb.error.SqlException.notSupported(
                    "basic regular expressions are not supported");
            case 'c' -> ignoreCase = false;
            case 'e' -> extended = true;
            case 'i' -> ignoreCase = true;
            case 'm', 'n' -> {
                dotSkipsNewline = true;
                multiline = true;
            }
            case 'p' -> {
                dotSkipsNewline = true;
                multiline = false;
            }
            case 'q' -> literal = true;
            case 's' -> {
                dotSkipsNewline = false;
                multiline = false;
            }
            case 't' -> expanded = false;
            case 'w' -> {
                dotSkipsNewline = false;
                multiline = true;
            }
            case 'x' -> expanded = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    /** @throws io.quantadb.error.SqlException 22023 for an unknown letter */
    static RegexOptions parse(String flags) {
        RegexOptions options = new RegexOptions();
        for (int i = 0; flags != null && i < flags.length(); i++) {
            char c = flags.charAt(i);
            if (c == 'g') {
                options.global = true;
            } else if (!options.set(c)) {
                throw Args.invalidParameter("invalid regular expression option: \""
                        + Character.toString(flags.codePointAt(i)) + "\"");
            }
        }
        return options;
    }
}
