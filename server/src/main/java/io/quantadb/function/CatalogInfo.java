package io.quantadb.function;
public interface CatalogInfo { String formatType(int oid, Integer typmod); }
