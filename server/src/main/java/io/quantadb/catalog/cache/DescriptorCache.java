package io.quantadb.catalog.cache;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.cache.Invalidation.Kind;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lookup results of one database, shared by its sessions, or the private ones of a transaction that changed catalogs.
 *
 * <p>A private cache stands in front of the shared one. What its transaction changed is <em>hidden</em> in the shared
 * one from that transaction's view and loaded again into the private maps; everything else is shared. Committed
 * changes of others reach both.
 *
 * <p>Loading races with invalidation: a value is kept only if no invalidation arrived since the loader took its
 * snapshot ({@link #epoch}). Invalidations are applied after the commit they belong to became visible to latest
 * snapshots. Thread-safe; lookups take no lock.
 */
public final class DescriptorCache {
    /** Stands for "there is no such object", which is worth remembering too. */
    static final Object NONE = new Object();
    /** Key of the regions that hold one object. */
    static final Object ALL = new Object();

    private static final AtomicLong PRIVATE_VERSIONS = new AtomicLong();

    private final DescriptorCache parent;
    private final Map<Region, Map<Object, Object>> regions = new EnumMap<>(Region.class);
    /** Private caches only: keys, and whole regions, not to be taken from the parent. */
    private final Map<Region, Set<Object>> hidden = new EnumMap<>(Region.class);
    private final Set<Region> hiddenRegions = ConcurrentHashMap.newKeySet();
    /** Private caches of running transactions; weak, because a transaction may end in many ways. */
    private final List<WeakReference<DescriptorCache>> children = new CopyOnWriteArrayList<>();
    /** Counts changes of the whole server; null in private caches, whose versions are numbers nobody else ever has. */
    private final AtomicLong sharedVersion;
    private volatile long privateVersion;
    private volatile long epoch;

    /**
     * A shared cache.
     *
     * @param version counts catalog changes of the whole server
     */
    public DescriptorCache(AtomicLong version) {
        this.parent = null;
        this.sharedVersion = version;
        init();
    }

    private DescriptorCache(DescriptorCache parent) {
        this.parent = parent;
        this.sharedVersion = null;
        this.privateVersion = PRIVATE_VERSIONS.decrementAndGet();
        init();
    }

    private void init() {
        for (Region region : Region.values()) {
            regions.put(region, new ConcurrentHashMap<>());
            hidden.put(region, ConcurrentHashMap.newKeySet());
        }
    }

    /** A private cache for a transaction that is about to change catalogs; {@link #discard} it at the end. */
    DescriptorCache newPrivate() {
        DescriptorCache child = new DescriptorCache(this);
        children.add(new WeakReference<>(child));
        return child;
    }

    void discard(DescriptorCache child) {
        children.removeIf(reference -> reference.get() == null || reference.get() == child);
    }

    /**
     * Differs from all earlier values after any invalidation; negative for private caches, so never that of a shared
     * one.
     */
    public long version() {
        return parent == null ? sharedVersion.get() : privateVersion;
    }

    private void newVersion() {
        epoch++;
        if (parent == null) {
            sharedVersion.incrementAndGet();
        } else {
            privateVersion = PRIVATE_VERSIONS.decrementAndGet();
        }
    }

    long epoch() {
        return epoch;
    }

    /** @return null if not cached, {@link #NONE} if known not to exist */
    Object get(Region region, Object key) {
        Object value = regions.get(region).get(key);
        if (value == null && parent != null && !isHidden(region, key)) {
            return parent.get(region, key);
        }
        return value;
    }

    private boolean isHidden(Region region, Object key) {
        return hiddenRegions.contains(region) || hidden.get(region).contains(key);
    }

    /**
     * Keeps a value loaded since {@link #epoch} was {@code loadEpoch}. A private cache keeps it to itself: its
     * transaction may have built it from rows nobody else sees.
     */
    synchronized void put(Region region, Object key, Object value, long loadEpoch) {
        if (epoch == loadEpoch) {
            regions.get(region).put(key, value);
        }
    }

    /** The one value of a region that is never invalidated. */
    @SuppressWarnings("unchecked")
    <T> T permanent(Region region, Object key, java.util.function.Supplier<T> maker) {
        return parent != null ? parent.permanent(region, key, maker)
                : (T) regions.get(region).computeIfAbsent(key, k -> maker.get());
    }

    /** Own uncommitted change (private caches), or a committed one. */
    void apply(Invalidation message) {
        synchronized (this) {
            newVersion();
            forget(message);
        }
        for (WeakReference<DescriptorCache> reference : children) {
            DescriptorCache child = reference.get();
            if (child != null) {
                child.applyForeign(message);
            }
        }
    }

    private synchronized void applyForeign(Invalidation message) {
        newVersion();
        forget(message);
    }

    /** After a rollback to a savepoint: reloads all own values; what was hidden stays hidden, which is harmless. */
    synchronized void clearOwn() {
        newVersion();
        regions.values().forEach(Map::clear);
    }

    private void forget(Invalidation message) {
        switch (message.kind()) {
            case RELATION -> forgetRelation(message);
            case TYPE -> forgetType(message);
            case FUNCTION -> {
                drop(Region.FUNCTION, message.oid());
                drop(Region.AGGREGATE, message.oid());
                if (message.name() != null) {
                    drop(Region.FUNCTION_NAME, message.name());
                }
            }
            case OPERATOR -> {
                drop(Region.OPERATOR, message.oid());
                drop(Region.OPERATOR_NAME, message.name());
            }
            case CASTS -> dropAll(Region.CAST);
            case OPERATOR_CLASSES -> List.of(Region.OPCLASS, Region.OPCLASSES_OF_METHOD, Region.DEFAULT_OPCLASS,
                    Region.OPFAMILY, Region.OPERATOR_MEMBERSHIPS, Region.FAMILY_OPERATORS, Region.FAMILY_PROCEDURES)
                    .forEach(this::dropAll);
            case SCHEMAS -> List.of(Region.SCHEMAS, Region.RELATION, Region.TYPE, Region.FUNCTION,
                    Region.FUNCTION_NAME).forEach(this::dropAll);
            case ROLES -> dropAll(Region.ROLES);
            case DATABASES -> dropAll(Region.DATABASES);
            case COLLATIONS -> dropAll(Region.COLLATIONS);
            case STATISTICS -> {
                for (Object key : keys(Region.STATISTICS)) {
                    if (((PairKey) key).first() == message.oid()) {
                        drop(Region.STATISTICS, key);
                    }
                }
                if (parent != null) {
                    hiddenRegions.add(Region.STATISTICS);
                }
            }
        }
    }

    private void forgetRelation(Invalidation message) {
        int oid = message.oid();
        Object old = get(Region.RELATION, oid);
        if (old instanceof RelationDescriptor relation && relation.rowTypeOid() != 0) {
            Object rowType = get(Region.TYPE, relation.rowTypeOid());
            if (rowType != null || get(Region.PG_TYPE, relation.rowTypeOid()) != null) {
                forgetType(new Invalidation(Kind.TYPE, message.databaseOid(), relation.rowTypeOid(), 0, null));
            }
        }
        Object table = get(Region.INDEX_TABLE, oid);
        if (table instanceof Integer tableOid) {
            drop(Region.RELATION, tableOid);
        }
        drop(Region.RELATION, oid);
        drop(Region.INDEX_TABLE, oid);
        drop(Region.CHILDREN, oid);
        drop(Region.SEQUENCE, oid);
        if (message.name() != null) {
            drop(Region.RELATION_NAME, new NameKey(message.schemaOid(), message.name()));
        }
    }

    private void forgetType(Invalidation message) {
        if (message.name() != null) {
            drop(Region.TYPE_NAME, new NameKey(message.schemaOid(), message.name()));
        }
        boolean known = get(Region.TYPE, message.oid()) != null || get(Region.PG_TYPE, message.oid()) != null;
        drop(Region.TYPE, message.oid());
        drop(Region.PG_TYPE, message.oid());
        if (!known) {
            return;
        }
        // Arrays, domains, composites and tables over it hold its old form.
        for (Region region : List.of(Region.TYPE, Region.PG_TYPE)) {
            for (Object key : keys(region)) {
                if ((Integer) key >= CatalogIds.FIRST_USER_OID) {
                    drop(region, key);
                }
            }
        }
        for (Object key : keys(Region.RELATION)) {
            if (get(Region.RELATION, key) instanceof RelationDescriptor relation && usesUserType(relation)) {
                drop(Region.RELATION, key);
            }
        }
    }

    private static boolean usesUserType(RelationDescriptor relation) {
        for (ColumnDescriptor column : relation.columns()) {
            if (column.type().oid() >= CatalogIds.FIRST_USER_OID) {
                return true;
            }
        }
        return false;
    }

    /** Keys cached here or, for a private cache, in the shared one. */
    private Collection<Object> keys(Region region) {
        Set<Object> keys = new java.util.HashSet<>(regions.get(region).keySet());
        if (parent != null) {
            keys.addAll(parent.regions.get(region).keySet());
        }
        return keys;
    }

    private void drop(Region region, Object key) {
        regions.get(region).remove(key);
        if (parent != null) {
            hidden.get(region).add(key);
        }
    }

    private void dropAll(Region region) {
        regions.get(region).clear();
        if (parent != null) {
            hiddenRegions.add(region);
        }
    }
}
