package io.quantadb.base;

/**
 * Checks that are always on. A failed one means a bug in QuantaDB: the process must stop before bad bytes reach the
 * WAL.
 *
 * <p>The message names both values. The primitive overloads exist so that a passing check allocates nothing.
 */
public final class Invariant {
    private Invariant() {
    }

    public static void check(boolean condition, String message) {
        if (!condition) {
            throw new InvariantViolation(message);
        }
    }

    public static void check(boolean condition, String format, long first, long second) {
        if (!condition) {
            throw new InvariantViolation(String.format(format, first, second));
        }
    }

    public static void check(boolean condition, String format, Object first, Object second) {
        if (!condition) {
            throw new InvariantViolation(String.format(format, first, second));
        }
    }

    /** For branches that cannot be reached: {@code throw Invariant.broken(...)}. */
    public static InvariantViolation broken(String format, Object... values) {
        return new InvariantViolation(String.format(format, values));
    }
}
