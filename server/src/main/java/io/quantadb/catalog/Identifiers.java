package io.quantadb.catalog;

import java.util.Set;

/** Quotes names for SQL texts, as {@code quote_ident}. */
public final class Identifiers {
    /** Key words that a plain identifier may not be in every position: PostgreSQL 15's all but the unreserved ones. */
    private static final Set<String> KEYWORDS = Set.of(("""
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
            boolean both case cast char character check coalesce collate collation column concurrently
            constraint create cross current_catalog current_date current_role current_schema
            current_time current_timestamp current_user dec decimal default deferrable desc distinct do
            else end except exists extract false fetch float for foreign freeze from full grant greatest
            group grouping having ilike in initially inner inout int integer intersect interval into is
            isnull join lateral leading least left like limit localtime localtimestamp national natural
            nchar none normalize not notnull null nullif numeric offset on only or order out outer
            overlaps overlay placing position precision primary real references returning right row
            select session_user setof similar smallint some substring symmetric table tablesample then
            time timestamp to trailing treat trim true union unique user using values varchar variadic
            verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest
            xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable""").split("\\s+"));

    private Identifiers() {
    }

    public static String quote(String name) {
        boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0));
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
        }
        return plain && !KEYWORDS.contains(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code schema.name}, quoted as needed; the schema is left out if null. */
    public static String qualified(String schema, String name) {
        return schema == null ? quote(name) : quote(schema) + "." + quote(name);
    }
}
