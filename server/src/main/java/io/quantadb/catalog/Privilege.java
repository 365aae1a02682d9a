package io.quantadb.catalog;

import java.util.Locale;

/**
 * The rights that GRANT gives, with their letter in aclitem texts. Source: PostgreSQL 15 documentation, "Privileges".
 */
public enum Privilege {
    INSERT('a'), SELECT('r'), UPDATE('w'), DELETE('d'), TRUNCATE('D'), REFERENCES('x'), TRIGGER('t'), EXECUTE('X'),
    USAGE('U'), CREATE('C'), TEMPORARY('T'), CONNECT('c'), SET('s'), ALTER_SYSTEM('A');

    private final char letter;

    Privilege(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    public int bit() {
        return 1 << ordinal();
    }

    /** @return null if the letter means nothing */
    public static Privilege ofLetter(char letter) {
        for (Privilege privilege : values()) {
            if (privilege.letter == letter) {
                return privilege;
            }
        }
        return null;
    }

    /** By the word in GRANT; TEMP is TEMPORARY. Null if unknown. */
    public static Privilege ofName(String name) {
        String word = name.strip().toUpperCase(Locale.ROOT);
        return switch (word) {
            case "TEMP" -> TEMPORARY;
            case "ALTER SYSTEM" -> ALTER_SYSTEM;
            default -> {
                for (Privilege privilege : values()) {
                    if (privilege.name().equals(word)) {
                        yield privilege;
                    }
                }
                yield null;
            }
        };
    }
}
