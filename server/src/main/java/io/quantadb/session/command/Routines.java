package io.quantadb.session.command;

import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.RoutineStatement.Parameter;
import io.quantadb.sql.ast.RoutineStatement.ParameterMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds functions, procedures and aggregates as DROP, GRANT and ALTER name them. Stateless. */
final class Routines {
    private Routines() {
    }

    /** @throws SqlException 42883, 42725 */
    static FunctionDescriptor find(CommandContext context, ObjectReference object) {
        String noun = noun(object.kind());
        List<FunctionDescriptor> candidates = context.catalog().functions(object.name().schema(), object.name().name())
                .stream().filter(f -> fits(object.kind(), f.kind())).toList();
        String name = CommandContext.text(object.name());
        if (object.arguments() == null && !object.star()) {
            if (candidates.isEmpty()) {
                throw new SqlException(SqlState.UNDEFINED_FUNCTION,
                        "could not find a " + noun + " named \"" + name + "\"");
            }
            if (candidates.size() > 1) {
                throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, noun + " name \"" + name + "\" is not unique")
                        .withHint("Specify the argument list to select the " + noun + " unambiguously.");
            }
            return candidates.getFirst();
        }
        int[] types = types(context, object);
        for (FunctionDescriptor candidate : candidates) {
            if (Arrays.equals(types, candidate.argTypes())) {
                return candidate;
            }
        }
        List<String> shown = new ArrayList<>();
        for (int type : types) {
            shown.add(context.catalog().formatType(type, -1));
        }
        throw new SqlException(SqlState.UNDEFINED_FUNCTION,
                noun + " " + name + "(" + String.join(", ", shown) + ") does not exist");
    }

    /** A routine as a command names it, with the types as the parser reads them. */
    static String asWritten(ObjectReference object) {
        List<String> types = new ArrayList<>();
        for (Parameter parameter : object.arguments()) {
            if (parameter.mode() != ParameterMode.OUT && parameter.mode() != ParameterMode.TABLE) {
                types.add(CommandContext.text(parameter.type().name()) + (parameter.type().isArray() ? "[]" : ""));
            }
        }
        return noun(object.kind()) + " " + CommandContext.text(object.name()) + "(" + String.join(",", types) + ")";
    }

    private static int[] types(CommandContext context, ObjectReference object) {
        List<Integer> types = new ArrayList<>();
        if (object.arguments() != null) {
            for (Parameter parameter : object.arguments()) {
                if (parameter.mode() != ParameterMode.OUT && parameter.mode() != ParameterMode.TABLE) {
                    types.add(context.resolveType(parameter.type()).type().oid());
                }
            }
        }
        return types.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean fits(ObjectKind wanted, char kind) {
        return switch (wanted) {
            case FUNCTION -> kind == 'f' || kind == 'w';
            case PROCEDURE -> kind == 'p';
            case AGGREGATE -> kind == 'a';
            default -> true;
        };
    }

    private static String noun(ObjectKind kind) {
        return switch (kind) {
            case PROCEDURE -> "procedure";
            case AGGREGATE -> "aggregate";
            case ROUTINE -> "routine";
            default -> "function";
        };
    }
}
