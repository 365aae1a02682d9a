/**
 * The bytes of one 8 KiB slotted page: header, line pointers, items, checksum. Knows no relation and no tuple format.
 */
package io.quantadb.storage.page;
