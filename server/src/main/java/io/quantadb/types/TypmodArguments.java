package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** Reads the constants in the parentheses behind a type name. */
final class TypmodArguments {
    private TypmodArguments() {
    }

    static int integer(String argument) {
        try {
            return Integer.parseInt(argument.trim());
        } catch (NumberFormatException e) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                    "invalid input syntax for type integer: \"" + argument + "\"", e);
        }
    }
}
