package io.quantadb.catalog.cache;

/**
 * The cache a transaction's readers use: the shared one until the transaction changes a catalog, then its private
 * one.
 */
final class CacheHolder {
    DescriptorCache cache;

    CacheHolder(DescriptorCache cache) {
        this.cache = cache;
    }
}
