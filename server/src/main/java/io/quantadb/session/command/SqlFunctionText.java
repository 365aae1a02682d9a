package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RecordOps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the catalog says about a function in language SQL, put in the form its body is analysed with. Stateless. */
final class SqlFunctionText {
    /** Bodies of the catalog's own functions, which bootstrap data leave out, by oid. */
    private static final Map<Integer, String> BUILT_IN = read();

    private SqlFunctionText() {
    }

    private static Map<Integer, String> read() {
        Map<Integer, String> result = new HashMap<>();
        try (InputStream in = SqlFunctionText.class.getResourceAsStream("sql_function_bodies.tsv")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                int tab = line.indexOf('\t');
                result.put(Integer.parseInt(line.substring(0, tab)), line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(result);
    }

    /** The SQL-standard body, null if the function has a source text. */
    static String body(FunctionDescriptor function) {
        return function.oid() < CatalogIds.FIRST_USER_OID ? BUILT_IN.get(function.oid()) : function.sqlBody();
    }

    /** Names of the input arguments. */
    static AnalyzerContext.FunctionNames names(FunctionDescriptor function) {
        List<String> names = new ArrayList<>();
        List<String> all = function.argNames() == null ? List.of() : function.argNames();
        for (int i = 0; i < all.size(); i++) {
            char mode = function.argModes() == null || i >= function.argModes().length ? 'i' : function.argModes()[i];
            if (mode == 'i' || mode == 'b' || mode == 'v') {
                names.add(all.get(i));
            }
        }
        return new AnalyzerContext.FunctionNames(function.name(), names);
    }

    /** Columns of the result if it is a row; empty if it is any row; null if it is none. */
    static List<RangeColumn> columns(FunctionDescriptor f, int[] actual, PgType result, AnalyzerContext context) {
        if (result.oid() != Oids.RECORD) {
            return Analyzer.rowColumns(result, context);
        }
        List<RangeColumn> columns = new ArrayList<>();
        for (int i = 0; f.argModes() != null && i < f.argModes().length; i++) {
            char mode = f.argModes()[i];
            if (mode == 'o' || mode == 'b' || mode == 't') {
                int type = Analyzer.resolvePolymorphic(f.allArgTypes()[i], f.argTypes(), actual, context);
                columns.add(new RangeColumn(f.argNames() == null ? "" : f.argNames().get(i),
                        context.catalog().pgType(type), -1, 0));
            }
        }
        if (columns.isEmpty() && result.ops() instanceof RecordOps record && record.fields() != null) {
            for (int i = 0; i < record.fields().count(); i++) {
                columns.add(new RangeColumn(record.fields().name(i), record.fields().type(i),
                        record.fields().typmod(i), 0));
            }
        }
        return columns;
    }
}
