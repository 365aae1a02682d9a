package io.quantadb.sql.analyzer;

import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Overload resolution.
 *
 * <p>Source: PostgreSQL documentation, "Functions" and "Operators" of chapter "Type Conversion".
 */
final class FunctionResolver {
    private final Analysis analysis;

    FunctionResolver(Analysis analysis) {
        this.analysis = analysis;
    }

    /** How a name with arguments was understood. */
    enum Outcome { NOT_FOUND, MULTIPLE, NORMAL, PROCEDURE, AGGREGATE, WINDOW, COERCION }

    /**
     * One way to call a function.
     *
     * @param types         argument types in the order of the call, variadic ones expanded
     * @param argumentIndex for calls with names: which of the function's arguments each is; null if positional
     * @param variadicCount how many call arguments the variadic parameter takes; 0 if not expanded
     * @param defaultsUsed  how many arguments are left to defaults
     */
    record Candidate(FunctionDescriptor function, int[] types, int[] argumentIndex, int variadicCount,
                     int defaultsUsed, int pathPosition, boolean ambiguous) {
    }

    /** @param coercionTarget the type of an {@link Outcome#COERCION} */
    record Result(Outcome outcome, Candidate candidate, int coercionTarget, boolean namesKnown) {
    }

    /**
     * @param names names of the last arguments, null for none
     */
    Result resolve(QualifiedName name, int[] actual, List<String> names, boolean expandVariadic,
                   boolean expandDefaults, boolean allowCoercion) {
        List<Candidate> raw = candidates(name, actual.length, names, expandVariadic, expandDefaults);
        Candidate best = null;
        for (Candidate candidate : raw) {
            if (Arrays.equals(candidate.types, 0, actual.length, actual, 0, actual.length)) {
                best = candidate;
                break;
            }
        }
        if (best == null) {
            if (allowCoercion && actual.length == 1 && names == null) {
                int target = nameAsType(name);
                if (target != 0 && analysis.coercion.isFunctionFormCast(actual[0], target)) {
                    return new Result(Outcome.COERCION, null, target, true);
                }
            }
            List<Candidate> matching = matching(raw, actual);
            if (matching.size() == 1) {
                best = matching.getFirst();
            } else if (matching.size() > 1) {
                best = select(matching, actual);
                if (best == null) {
                    return new Result(Outcome.MULTIPLE, null, 0, true);
                }
            }
        }
        if (best == null) {
            return new Result(Outcome.NOT_FOUND, null, 0, !raw.isEmpty());
        }
        if (best.ambiguous) {
            return new Result(Outcome.MULTIPLE, null, 0, true);
        }
        Outcome outcome = switch (best.function.kind()) {
            case 'a' -> Outcome.AGGREGATE;
            case 'w' -> Outcome.WINDOW;
            case 'p' -> Outcome.PROCEDURE;
            default -> Outcome.NORMAL;
        };
        return new Result(outcome, best, 0, true);
    }

    private int nameAsType(QualifiedName name) {
        if (name.schema() != null && analysis.catalog.schema(name.schema()) == null) {
            return 0;
        }
        TypeDescriptor type = analysis.catalog.type(name.schema(), name.name());
        return type == null || !type.defined() || analysis.types.relationOf(type.oid()) != 0 ? 0 : type.oid();
    }

    List<Candidate> candidates(QualifiedName name, int count, List<String> names, boolean expandVariadic,
                               boolean expandDefaults) {
        List<Candidate> result = new ArrayList<>();
        for (FunctionDescriptor function : analysis.catalog.functions(name.schema(), name.name())) {
            Candidate candidate = candidate(function, count, names, expandVariadic, expandDefaults,
                    name.schema() == null ? pathPosition(function) : 0);
            if (candidate != null) {
                add(result, candidate, count);
            }
        }
        return result;
    }

    private int pathPosition(FunctionDescriptor function) {
        List<SchemaDescriptor> path = analysis.catalog.searchPath();
        for (int i = 0; i < path.size(); i++) {
            if (path.get(i).oid() == function.schemaOid()) {
                return i;
            }
        }
        return path.size();
    }

    private Candidate candidate(FunctionDescriptor f, int count, List<String> names, boolean expandVariadic,
                                boolean expandDefaults, int pathPosition) {
        int declared = f.argCount();
        if (names != null) {
            if (expandVariadic && f.isVariadic() && f.variadicType() != 0 && count > declared) {
                return null;
            }
            if (declared < count || declared > count && (!expandDefaults || declared > count + f.defaultsCount())) {
                return null;
            }
            int[] index = matchNames(f, count, names);
            if (index == null) {
                return null;
            }
            int[] types = new int[declared];
            for (int i = 0; i < declared; i++) {
                types[i] = f.argTypes()[index[i]];
            }
            return new Candidate(f, types, index, 0, declared - count, pathPosition, false);
        }
        boolean variadic = expandVariadic && f.isVariadic() && declared <= count;
        int effective = Math.max(declared, count);
        boolean defaults = declared > count;
        if (defaults && (!expandDefaults || declared > count + f.defaultsCount())) {
            return null;
        }
        if (!defaults && count != declared && !variadic) {
            return null;
        }
        int[] types = Arrays.copyOf(f.argTypes(), effective);
        if (variadic) {
            for (int i = declared - 1; i < effective; i++) {
                types[i] = f.variadicType();
            }
        }
        return new Candidate(f, types, null, variadic ? effective - declared + 1 : 0,
                defaults ? declared - count : 0, pathPosition, false);
    }

    /** Which argument each call position means, the defaulted ones last; null if names do not fit. */
    private static int[] matchNames(FunctionDescriptor f, int count, List<String> names) {
        int declared = f.argCount();
        int positional = count - names.size();
        boolean[] given = new boolean[declared];
        int[] index = new int[declared];
        for (int i = 0; i < positional; i++) {
            given[i] = true;
            index[i] = i;
        }
        List<String> inputNames = inputNames(f);
        int next = positional;
        for (String name : names) {
            int found = inputNames.indexOf(name);
            if (found < 0 || given[found]) {
                return null;
            }
            given[found] = true;
            index[next++] = found;
        }
        int firstWithDefault = declared - f.defaultsCount();
        for (int i = positional; i < declared; i++) {
            if (!given[i]) {
                if (i < firstWithDefault) {
                    return null;
                }
                index[next++] = i;
            }
        }
        return index;
    }

    /** Names of input arguments only. */
    static List<String> inputNames(FunctionDescriptor f) {
        if (f.argNames() == null || f.argNames().isEmpty()) {
            return List.of();
        }
        if (f.argModes() == null || f.argModes().length == 0) {
            return f.argNames();
        }
        List<String> result = new ArrayList<>();
        for (int i = 0; i < f.argModes().length; i++) {
            char mode = f.argModes()[i];
            if (mode == 'i' || mode == 'b' || mode == 'v') {
                result.add(i < f.argNames().size() ? f.argNames().get(i) : "");
            }
        }
        return result;
    }

    private static void add(List<Candidate> result, Candidate candidate, int count) {
        for (int i = 0; i < result.size(); i++) {
            Candidate other = result.get(i);
            if (!Arrays.equals(other.types, 0, count, candidate.types, 0, count)) {
                continue;
            }
            boolean plainNew = candidate.variadicCount == 0 && candidate.defaultsUsed == 0
                    && candidate.argumentIndex == null;
            boolean plainOld = other.variadicCount == 0 && other.defaultsUsed == 0 && other.argumentIndex == null;
            if (candidate.pathPosition != other.pathPosition) {
                if (candidate.pathPosition < other.pathPosition) {
                    result.set(i, candidate);
                }
                return;
            }
            if (plainNew && plainOld) {
                break;
            }
            if ((candidate.variadicCount > 0) != (other.variadicCount > 0)) {
                if (candidate.variadicCount == 0) {
                    result.set(i, candidate);
                }
                return;
            }
            if ((candidate.defaultsUsed > 0) != (other.defaultsUsed > 0)) {
                if (candidate.defaultsUsed == 0) {
                    result.set(i, candidate);
                }
                return;
            }
            if (candidate.variadicCount > 0 && candidate.function.argCount() != other.function.argCount()) {
                if (candidate.function.argCount() > other.function.argCount()) {
                    result.set(i, candidate);
                }
                return;
            }
            result.set(i, new Candidate(other.function, other.types, other.argumentIndex, other.variadicCount,
                    other.defaultsUsed, other.pathPosition, true));
            return;
        }
        result.add(candidate);
    }

    List<Candidate> matching(List<Candidate> candidates, int[] actual) {
        List<Candidate> result = new ArrayList<>();
        for (Candidate candidate : candidates) {
            int[] types = candidate.types.length == actual.length ? candidate.types
                    : Arrays.copyOf(candidate.types, actual.length);
            if (analysis.coercion.canCoerce(actual, types, Coercion.Context.IMPLICIT)) {
                result.add(candidate);
            }
        }
        return result;
    }

    /** The best of several that fit; null if none is. */
    Candidate select(List<Candidate> candidates, int[] actual) {
        List<int[]> types = candidates.stream().map(Candidate::types).toList();
        int chosen = selectIndex(types, actual);
        return chosen < 0 ? null : candidates.get(chosen);
    }

    /** Index of the best argument list, -1 if none is best. */
    int selectIndex(List<int[]> all, int[] actual) {
        TypeRules rules = analysis.types;
        int[] base = new int[actual.length];
        char[] category = new char[actual.length];
        int unknowns = 0;
        for (int i = 0; i < actual.length; i++) {
            base[i] = actual[i] == Oids.UNKNOWN ? Oids.UNKNOWN : rules.base(actual[i]);
            category[i] = rules.category(base[i]);
            unknowns += base[i] == Oids.UNKNOWN ? 1 : 0;
        }
        List<Integer> live = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            live.add(i);
        }
        live = keepBest(live, all, base, (slot, type) -> type == base[slot]);
        if (live.size() == 1) {
            return live.getFirst();
        }
        live = keepBest(live, all, base, (slot, type) -> type == base[slot]
                || rules.preferred(type) && rules.category(type) == category[slot]);
        if (live.size() == 1) {
            return live.getFirst();
        }
        if (unknowns == 0) {
            return -1;
        }
        live = resolveUnknowns(live, all, base);
        if (live.size() == 1) {
            return live.getFirst();
        }
        return unknowns < actual.length ? assumeSameType(live, all, base) : -1;
    }

    private interface SlotTest {
        boolean matches(int slot, int type);
    }

    private static List<Integer> keepBest(List<Integer> live, List<int[]> all, int[] base, SlotTest test) {
        List<Integer> result = new ArrayList<>();
        int best = 0;
        for (int candidate : live) {
            int matches = 0;
            for (int slot = 0; slot < base.length; slot++) {
                if (base[slot] != Oids.UNKNOWN && test.matches(slot, all.get(candidate)[slot])) {
                    matches++;
                }
            }
            if (matches > best || result.isEmpty()) {
                best = matches;
                result.clear();
                result.add(candidate);
            } else if (matches == best) {
                result.add(candidate);
            }
        }
        return result;
    }

    /** Literals of unknown type: string category if any candidate takes it there, else the category all agree on. */
    private List<Integer> resolveUnknowns(List<Integer> live, List<int[]> all, int[] base) {
        TypeRules rules = analysis.types;
        char[] chosen = new char[base.length];
        boolean[] preferred = new boolean[base.length];
        for (int slot = 0; slot < base.length; slot++) {
            if (base[slot] != Oids.UNKNOWN) {
                continue;
            }
            boolean conflict = false;
            for (int candidate : live) {
                int type = all.get(candidate)[slot];
                char category = rules.category(type);
                if (chosen[slot] == 0) {
                    chosen[slot] = category;
                    preferred[slot] = rules.preferred(type);
                } else if (category == chosen[slot]) {
                    preferred[slot] |= rules.preferred(type);
                } else if (category == 'S') {
                    chosen[slot] = 'S';
                    preferred[slot] = rules.preferred(type);
                } else {
                    conflict = true;
                }
            }
            if (conflict && chosen[slot] != 'S') {
                return live;
            }
        }
        List<Integer> kept = new ArrayList<>();
        for (int candidate : live) {
            boolean keep = true;
            for (int slot = 0; slot < base.length && keep; slot++) {
                if (base[slot] == Oids.UNKNOWN) {
                    int type = all.get(candidate)[slot];
                    keep = rules.category(type) == chosen[slot] && (!preferred[slot] || rules.preferred(type));
                }
            }
            if (keep) {
                kept.add(candidate);
            }
        }
        return kept.isEmpty() ? live : kept;
    }

    private int assumeSameType(List<Integer> live, List<int[]> all, int[] base) {
        int known = Oids.UNKNOWN;
        for (int type : base) {
            if (type == Oids.UNKNOWN) {
                continue;
            }
            if (known != Oids.UNKNOWN && known != type) {
                return -1;
            }
            known = type;
        }
        if (known == Oids.UNKNOWN) {
            return -1;
        }
        int[] assumed = new int[base.length];
        Arrays.fill(assumed, known);
        int found = -1;
        for (int candidate : live) {
            int[] types = Arrays.copyOf(all.get(candidate), base.length);
            if (analysis.coercion.canCoerce(assumed, types, Coercion.Context.IMPLICIT)) {
                if (found >= 0) {
                    return -1;
                }
                found = candidate;
            }
        }
        return found;
    }
}
