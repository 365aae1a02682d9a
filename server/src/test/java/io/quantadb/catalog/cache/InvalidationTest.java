package io.quantadb.catalog.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.quantadb.catalog.cache.Invalidation.Kind;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Goal: messages survive the WAL, and caches neither keep what is stale nor forget more than they must. Method: small
 * cases.
 */
class InvalidationTest {
    private final AtomicLong version = new AtomicLong();
    private final DescriptorCache shared = new DescriptorCache(version);

    private static Invalidation function(int oid, String name) {
        return new Invalidation(Kind.FUNCTION, 5, oid, 0, name);
    }

    @Test
    void shouldReadBackWhatWasEncoded() {
        for (Invalidation message : new Invalidation[] {function(16384, "größe"), function(-2, null),
                new Invalidation(Kind.ROLES, 0, 0, 0, ""), new Invalidation(Kind.RELATION, 6, 7, 2200, "t")}) {
            assertEquals(message, Invalidation.decode(message.encode()));
        }
        // The layout is in the WAL: kind, database, oid, schema, length, name.
        assertArrayEquals(new byte[] {0, 6, 0, 0, 0, 7, 0, 0, 0, (byte) 0x98, 8, 0, 0, 1, 0, 't'},
                new Invalidation(Kind.RELATION, 6, 7, 2200, "t").encode());
    }

    @Test
    void shouldNotKeepWhatWasLoadedBeforeAnInvalidation() {
        long epoch = shared.epoch();
        shared.apply(function(1, "f"));
        shared.put(Region.FUNCTION, 1, "stale", epoch);
        assertNull(shared.get(Region.FUNCTION, 1));
        shared.put(Region.FUNCTION, 1, "fresh", shared.epoch());
        assertSame("fresh", shared.get(Region.FUNCTION, 1));
    }

    @Test
    void shouldHideOwnChangesAndShareTheRest() {
        shared.put(Region.FUNCTION, 1, "one", shared.epoch());
        shared.put(Region.FUNCTION, 2, "two", shared.epoch());
        DescriptorCache own = shared.newPrivate();
        long before = own.version();
        own.apply(function(1, "f"));
        assertNull(own.get(Region.FUNCTION, 1));
        assertSame("two", own.get(Region.FUNCTION, 2));
        assertSame("one", shared.get(Region.FUNCTION, 1));
        assertEquals(0, version.get());
        assertEquals(true, own.version() != before);
        own.put(Region.FUNCTION, 1, "changed", own.epoch());
        assertSame("changed", own.get(Region.FUNCTION, 1));
        assertSame("one", shared.get(Region.FUNCTION, 1));
        own.clearOwn();
        assertNull(own.get(Region.FUNCTION, 1));
    }

    @Test
    void shouldPassForeignCommitsOnToPrivateCaches() {
        DescriptorCache own = shared.newPrivate();
        own.put(Region.FUNCTION, 3, "loaded", own.epoch());
        long ownVersion = own.version();
        shared.apply(function(3, "h"));
        assertNull(own.get(Region.FUNCTION, 3));
        assertEquals(true, own.version() != ownVersion);
        assertEquals(1, version.get());
    }
}
