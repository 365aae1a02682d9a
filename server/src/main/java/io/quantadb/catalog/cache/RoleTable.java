package io.quantadb.catalog.cache;

import io.quantadb.catalog.RoleDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All roles of the server and their memberships. Immutable. */
final class RoleTable {
    /** {@code member} belongs to {@code group}. */
    record Membership(int group, int member) {
    }

    private final List<RoleDescriptor> all;
    private final Map<String, RoleDescriptor> byName = new HashMap<>();
    private final Map<Integer, RoleDescriptor> byOid = new HashMap<>();
    private final Map<Integer, List<Integer>> groupsOf = new HashMap<>();

    RoleTable(List<RoleDescriptor> roles, List<Membership> memberships) {
        all = List.copyOf(roles);
        for (RoleDescriptor role : all) {
            byName.put(role.name(), role);
            byOid.put(role.oid(), role);
        }
        for (Membership membership : memberships) {
            groupsOf.computeIfAbsent(membership.member, k -> new ArrayList<>()).add(membership.group);
        }
    }

    List<RoleDescriptor> all() {
        return all;
    }

    RoleDescriptor byName(String name) {
        return byName.get(name);
    }

    RoleDescriptor byOid(int oid) {
        return byOid.get(oid);
    }

    /**
     * Roles reached through memberships; with {@code inheriting} only through roles that have INHERIT. Itself first.
     */
    List<Integer> closure(int roleOid, boolean inheriting) {
        Set<Integer> seen = new LinkedHashSet<>();
        List<Integer> open = new ArrayList<>(List.of(roleOid));
        while (!open.isEmpty()) {
            int role = open.removeFirst();
            RoleDescriptor descriptor = byOid.get(role);
            boolean follow = seen.add(role) && (!inheriting || descriptor == null || descriptor.inherit());
            if (follow) {
                open.addAll(groupsOf.getOrDefault(role, List.of()));
            }
        }
        return List.copyOf(seen);
    }
}
