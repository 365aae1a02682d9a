package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Polymorphic types: whether actual argument types fit, and what they make of the result.
 *
 * <p>Source: PostgreSQL documentation, "Polymorphic Types".
 */
final class GenericTypes {
    /** Thrown instead of a worded error when the question is only whether arguments fit. */
    private static final SqlException NO_FIT = new SqlException(SqlState.DATATYPE_MISMATCH, "polymorphic mismatch");

    private final Analysis analysis;
    private final TypeRules types;

    GenericTypes(Analysis analysis) {
        this.analysis = analysis;
        types = analysis.types;
    }

    boolean fits(int[] actual, int[] declared) {
        try {
            new Resolution(actual, declared.clone(), true).run();
            return true;
        } catch (SqlException e) {
            if (e == NO_FIT) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Finds the actual result type.
     *
     * @param declared polymorphic entries whose argument must be converted are replaced by the type to convert to
     */
    int enforce(int[] actual, int[] declared, int resultType) {
        boolean generic = TypeRules.isPolymorphic(resultType);
        for (int type : declared) {
            generic |= TypeRules.isPolymorphic(type);
        }
        if (!generic) {
            return resultType;
        }
        Resolution resolution = new Resolution(actual, declared, false);
        resolution.run();
        return resolution.result(resultType);
    }

    private final class Resolution {
        private final int[] actual;
        private final int[] declared;
        private final boolean checkOnly;
        private int element;
        private int array;
        private int range;
        private int multirange;
        private int simpleCount;
        private boolean nonArray;
        private boolean enumOnly;
        private boolean unknowns;
        private final List<Integer> compatibleTypes = new ArrayList<>();
        private boolean compatible;
        private boolean compatibleNonArray;
        private int compatibleElement;
        private int compatibleArray;
        private int compatibleRange;
        private int compatibleMultirange;

        Resolution(int[] actual, int[] declared, boolean checkOnly) {
            this.actual = actual;
            this.declared = declared;
            this.checkOnly = checkOnly;
        }

        private SqlException fail(Supplier<SqlException> error) {
            return checkOnly ? NO_FIT : error.get();
        }

        private SqlException mismatch(String message) {
            return new SqlException(SqlState.DATATYPE_MISMATCH, message);
        }

        private int same(int known, int type, String family) {
            if (known != 0 && known != type) {
                throw fail(() -> mismatch("arguments declared \"" + family + "\" are not all alike")
                        .withDetail(analysis.formatType(known) + " versus " + analysis.formatType(type)));
            }
            return type;
        }

        void run() {
            for (int i = 0; i < declared.length && i < actual.length; i++) {
                collect(declared[i], actual[i]);
            }
            if (simpleCount > 0) {
                resolveSimple();
            }
            if (compatible) {
                resolveCompatible();
            }
            if (!checkOnly) {
                replaceDeclared();
            }
        }

        private void collect(int declaredType, int actualType) {
            boolean unknown = actualType == Oids.UNKNOWN;
            if (TypeRules.isSimplePolymorphic(declaredType)) {
                simpleCount++;
                nonArray |= declaredType == Oids.ANYNONARRAY;
                enumOnly |= declaredType == Oids.ANYENUM;
                unknowns |= unknown;
            } else if (TypeRules.isCompatiblePolymorphic(declaredType)) {
                compatible = true;
                compatibleNonArray |= declaredType == Oids.ANYCOMPATIBLENONARRAY;
            }
            if (unknown) {
                return;
            }
            switch (declaredType) {
                case Oids.ANYELEMENT, Oids.ANYNONARRAY, Oids.ANYENUM ->
                        element = same(element, actualType, "anyelement");
                case Oids.ANYARRAY -> array = same(array, types.base(actualType), "anyarray");
                case Oids.ANYRANGE -> range = same(range, types.base(actualType), "anyrange");
                case Oids.ANYMULTIRANGE -> multirange = same(multirange, types.base(actualType), "anymultirange");
                case Oids.ANYCOMPATIBLE, Oids.ANYCOMPATIBLENONARRAY -> compatibleTypes.add(actualType);
                case Oids.ANYCOMPATIBLEARRAY -> {
                    int inner = types.element(types.base(actualType));
                    if (inner == 0) {
                        throw fail(() -> notA("anycompatiblearray", "an array", actualType));
                    }
                    compatibleTypes.add(inner);
                }
                case Oids.ANYCOMPATIBLERANGE -> {
                    compatibleRange = same(compatibleRange, types.base(actualType), "anycompatiblerange");
                    if (!types.isRange(compatibleRange)) {
                        throw fail(() -> notA("anycompatiblerange", "a range type", actualType));
                    }
                    compatibleTypes.add(types.rangeSubtype(compatibleRange));
                }
                case Oids.ANYCOMPATIBLEMULTIRANGE -> {
                    compatibleMultirange = same(compatibleMultirange, types.base(actualType),
                            "anycompatiblemultirange");
                    if (!types.isMultirange(compatibleMultirange)) {
                        throw fail(() -> notA("anycompatiblemultirange", "a multirange type", actualType));
                    }
                    compatibleTypes.add(types.rangeSubtype(compatibleMultirange));
                }
                default -> {
                }
            }
        }

        private SqlException notA(String family, String what, int type) {
            return mismatch("argument declared " + family + " is not " + what + " but type "
                    + analysis.formatType(type));
        }

        private void consistent(int implied, String family) {
            if (element == 0) {
                element = implied;
            } else if (element != implied) {
                throw fail(() -> mismatch("argument declared " + family
                        + " is not consistent with argument declared anyelement")
                        .withDetail(analysis.formatType(array != 0 ? array : range != 0 ? range : multirange)
                                + " versus " + analysis.formatType(element)));
            }
        }

        private void resolveSimple() {
            if (array != 0) {
                int inner = array == Oids.ANYARRAY ? Oids.ANYELEMENT : types.element(array);
                if (inner == 0) {
                    throw fail(() -> notA("anyarray", "an array", array));
                }
                consistent(inner, "anyarray");
            }
            if (multirange != 0) {
                int inner = types.rangeOf(multirange);
                if (inner == 0) {
                    throw fail(() -> notA("anymultirange", "a multirange type", multirange));
                }
                range = range == 0 ? inner : range;
                if (range != inner) {
                    throw fail(() -> mismatch("argument declared anymultirange is not consistent with argument "
                            + "declared anyrange"));
                }
            }
            if (range != 0) {
                if (!types.isRange(range)) {
                    throw fail(() -> notA("anyrange", "a range type", range));
                }
                consistent(types.rangeSubtype(range), "anyrange");
                if (multirange == 0) {
                    multirange = types.multirangeOf(range);
                }
            }
            if (element == 0) {
                if (checkOnly) {
                    return;
                }
                throw mismatch("could not determine polymorphic type because input has type unknown");
            }
            if (nonArray && types.element(types.base(element)) != 0) {
                throw fail(() -> mismatch("type matched to anynonarray is an array type: "
                        + analysis.formatType(element)));
            }
            if (enumOnly && !types.isEnum(types.base(element))) {
                throw fail(() -> mismatch("type matched to anyenum is not an enum type: "
                        + analysis.formatType(element)));
            }
        }

        private void resolveCompatible() {
            if (compatibleTypes.isEmpty()) {
                if (checkOnly) {
                    return;
                }
                compatibleElement = Oids.TEXT;
                compatibleArray = Oids.TEXT_ARRAY;
                return;
            }
            int[] all = compatibleTypes.stream().mapToInt(Integer::intValue).toArray();
            compatibleElement = analysis.coercion.commonType(all);
            if (compatibleElement == 0 || !allConvert(all)) {
                throw fail(() -> mismatch("arguments of anycompatible family cannot be cast to a common type"));
            }
            compatibleArray = types.arrayOf(compatibleElement);
            int rangeElement = compatibleRange != 0 ? types.rangeSubtype(compatibleRange)
                    : compatibleMultirange != 0 ? types.rangeSubtype(compatibleMultirange) : 0;
            if (rangeElement != 0 && rangeElement != compatibleElement) {
                throw fail(() -> mismatch("anycompatiblerange type " + analysis.formatType(compatibleRange)
                        + " does not match anycompatible type " + analysis.formatType(compatibleElement)));
            }
            if (compatibleNonArray && types.element(types.base(compatibleElement)) != 0) {
                throw fail(() -> mismatch("type matched to anycompatiblenonarray is an array type: "
                        + analysis.formatType(compatibleElement)));
            }
        }

        private boolean allConvert(int[] all) {
            for (int type : all) {
                if (!analysis.coercion.canCoerce(type, compatibleElement, Coercion.Context.IMPLICIT)) {
                    return false;
                }
            }
            return true;
        }

        private void replaceDeclared() {
            for (int i = 0; i < declared.length && i < actual.length; i++) {
                int type = declared[i];
                if (TypeRules.isCompatiblePolymorphic(type)
                        || TypeRules.isSimplePolymorphic(type) && actual[i] == Oids.UNKNOWN) {
                    declared[i] = result(type);
                }
            }
        }

        /** What a declared type stands for. */
        int result(int type) {
            return switch (type) {
                case Oids.ANYELEMENT, Oids.ANYNONARRAY, Oids.ANYENUM -> require(element, type);
                case Oids.ANYARRAY -> {
                    if (array == 0 && element != 0) {
                        array = arrayTypeOf(element);
                    }
                    yield require(array, type);
                }
                case Oids.ANYRANGE -> require(range, type);
                case Oids.ANYMULTIRANGE -> require(multirange, type);
                case Oids.ANYCOMPATIBLE, Oids.ANYCOMPATIBLENONARRAY -> require(compatibleElement, type);
                case Oids.ANYCOMPATIBLEARRAY -> require(compatibleArray, type);
                case Oids.ANYCOMPATIBLERANGE -> require(compatibleRange, type);
                case Oids.ANYCOMPATIBLEMULTIRANGE -> require(compatibleMultirange, type);
                default -> type;
            };
        }

        private int arrayTypeOf(int elementType) {
            int result = types.arrayOf(elementType);
            if (result == 0) {
                throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type "
                        + analysis.formatType(elementType));
            }
            return result;
        }

        private int require(int type, int family) {
            if (type == 0) {
                throw mismatch("could not determine polymorphic type " + analysis.formatType(family)
                        + " because input has type unknown");
            }
            return type;
        }
    }
}
