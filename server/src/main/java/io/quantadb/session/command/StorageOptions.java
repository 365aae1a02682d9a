package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads WITH (...) lists of relations. Stateless. */
final class StorageOptions {
    private static final Set<String> TABLE = Set.of("fillfactor", "toast_tuple_target", "parallel_workers",
            "user_catalog_table", "vacuum_index_cleanup", "vacuum_truncate", "log_autovacuum_min_duration");
    private static final Set<String> INDEX = Set.of("fillfactor", "deduplicate_items");
    private static final Set<String> VIEW = Set.of("security_barrier", "security_invoker", "check_option");

    private StorageOptions() {
    }

    static List<String> table(List<Option> options) {
        return read(options, TABLE, true, 10);
    }

    static List<String> index(List<Option> options) {
        return read(options, INDEX, false, 10);
    }

    static List<String> view(List<Option> options) {
        return read(options, VIEW, false, 0);
    }

    private static List<String> read(List<Option> options, Set<String> known, boolean autovacuum, int fillMinimum) {
        if (options == null || options.isEmpty()) {
            return null;
        }
        List<String> result = new ArrayList<>();
        for (Option option : options) {
            String name = option.name();
            if (option.namespace() != null && !option.namespace().equals("toast")) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                        "unrecognized parameter namespace \"" + option.namespace() + "\"");
            }
            if (name.equals("oids")) {
                if ("true".equals(text(option))) {
                    throw SqlException.notSupported("tables declared WITH OIDS are not supported");
                }
                continue;
            }
            if (option.namespace() != null) {
                continue;
            }
            if (!known.contains(name) && !(autovacuum && name.startsWith("autovacuum_"))) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + name + "\"");
            }
            String value = option.value() == null ? "true" : text(option);
            if (name.equals("fillfactor")) {
                checkFillFactor(value, fillMinimum);
            }
            result.add(name + "=" + value);
        }
        return result.isEmpty() ? null : result;
    }

    private static void checkFillFactor(String value, int minimum) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "invalid value for integer option \"fillfactor\": " + value, e);
        }
        if (number < minimum || number > 100) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "value " + number + " out of bounds for option \"fillfactor\"")
                    .withDetail("Valid values are between \"" + minimum + "\" and \"100\".");
        }
    }

    /** Text of an option's value; null if it has none. */
    static String text(Option option) {
        return switch (option.value()) {
            case null -> null;
            case Expression.StringLiteral literal -> literal.value();
            case Expression.NumberLiteral literal -> literal.text();
            case Expression.BooleanLiteral literal -> String.valueOf(literal.value());
            default -> throw new SqlException(SqlState.SYNTAX_ERROR,
                    "parameter \"" + option.name() + "\" has an unsuitable value");
        };
    }

    /** A boolean option; present without a value means true. */
    static boolean bool(Option option) {
        String value = text(option);
        return switch (value == null ? "true" : value.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "on", "1", "yes" -> true;
            case "false", "off", "0", "no" -> false;
            default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
        };
    }

    /** Old options changed by SET (...) or RESET (...). */
    static List<String> change(List<String> old, List<String> set, List<Option> reset) {
        List<String> result = old == null ? new ArrayList<>() : new ArrayList<>(old);
        if (set != null) {
            for (String option : set) {
                String key = option.substring(0, option.indexOf('=') + 1);
                result.removeIf(o -> o.startsWith(key));
                result.add(option);
            }
        }
        if (reset != null) {
            for (Option option : reset) {
                result.removeIf(o -> o.startsWith(option.name() + "="));
            }
        }
        return result.isEmpty() ? null : result;
    }
}
