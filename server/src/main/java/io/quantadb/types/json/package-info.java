/** JSON documents with jsonb's semantics: parser, printer, stored form, order. */
package io.quantadb.types.json;
