package io.quantadb.catalog.ddl;

import io.quantadb.catalog.ddl.Dependencies.Dependency;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds everything that has to go with some objects, refuses or announces it, and gives the order to remove it in.
 *
 * <p>The walk is depth first: dependents come before what they depend on. An object that is an internal part of
 * another (a view's rule) stands for its owner: the owner goes instead. Dependents of one object are visited by
 * descending oid, as PostgreSQL does, so that its lists of objects have the same order.
 *
 * <p>Source: PostgreSQL 15 documentation, "Dependency Tracking" and "pg_depend"; texts from the server.
 */
final class DependencyDrop {
    private static final int REPORTED_MAX = 100;

    private static final int ORIGINAL = 1;
    private static final int NORMAL = 2;
    private static final int SILENT = 4;
    private static final int SUBOBJECT = 8;

    private static final class Target {
        private final ObjectAddress address;
        private final ObjectAddress dependee;
        private int flags;

        Target(ObjectAddress address, ObjectAddress dependee, int flags) {
            this.address = address;
            this.dependee = dependee;
            this.flags = flags;
        }
    }

    /** The chain of objects being walked through, innermost first. */
    private static final class Frame {
        private final ObjectAddress address;
        private final Frame outer;
        private int flags;

        Frame(ObjectAddress address, Frame outer, int flags) {
            this.address = address;
            this.outer = outer;
            this.flags = flags;
        }
    }

    private final Dependencies dependencies;
    private final ObjectDescriptions descriptions;
    private final List<Target> targets = new ArrayList<>();
    private final List<ObjectAddress> originals;

    DependencyDrop(Dependencies dependencies, ObjectDescriptions descriptions, List<ObjectAddress> originals) {
        this.dependencies = dependencies;
        this.descriptions = descriptions;
        this.originals = originals;
    }

    /**
     * @param cascade CASCADE rather than RESTRICT
     * @param notices null to say nothing
     * @return what to remove, in order
     * @throws SqlException 2BP01 if something depends on the objects and {@code cascade} is false
     */
    List<ObjectAddress> plan(boolean cascade, Notices notices) {
        for (ObjectAddress original : originals) {
            walk(original, ORIGINAL, null);
        }
        report(cascade, notices);
        return targets.stream().filter(t -> (t.flags & SUBOBJECT) == 0).map(t -> t.address).toList();
    }

    private void walk(ObjectAddress object, int flags, Frame stack) {
        if (onStack(object, flags, stack) || isTarget(object, flags)) {
            return;
        }
        ObjectAddress owner = owner(object, stack);
        if (owner != null) {
            if (stack != null) {
                walk(owner, flags, stack);
                return;
            }
            if (originals.contains(owner)) {
                return;
            }
            String ownerText = descriptions.describe(owner);
            throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                    "cannot drop " + descriptions.describe(object) + " because " + ownerText + " requires it")
                    .withHint("You can drop " + ownerText + " instead.");
        }
        Frame frame = new Frame(object, stack, flags);
        List<Dependency> dependents = new ArrayList<>(dependencies.on(object));
        dependents.removeIf(d -> d.object().sameObject(object) && object.subId() == 0);
        dependents.sort(Comparator
                .comparing((Dependency d) -> d.object().objectOid(), (a, b) -> Integer.compareUnsigned(b, a))
                .thenComparing(d -> d.object().classOid()).thenComparing(d -> d.object().subId()));
        for (Dependency dependent : dependents) {
            walk(dependent.object(), dependent.type() == Dependencies.NORMAL ? NORMAL : SILENT, frame);
        }
        targets.add(new Target(object, stack == null ? null : stack.address, frame.flags));
    }

    /** The object that this one is an internal part of and that is not being walked through; null if none. */
    private ObjectAddress owner(ObjectAddress object, Frame stack) {
        for (Dependency dependency : dependencies.of(object)) {
            if (dependency.type() != Dependencies.INTERNAL || dependency.object().subId() != object.subId()
                    || dependency.referenced().sameObject(object)) {
                continue;
            }
            if (!onStack(dependency.referenced(), 0, stack)) {
                return dependency.referenced();
            }
        }
        return null;
    }

    /** Whether an object, or the whole it is a column of, is on the stack. */
    private static boolean onStack(ObjectAddress object, int flags, Frame stack) {
        for (Frame frame = stack; frame != null; frame = frame.outer) {
            if (frame.address.sameObject(object)) {
                if (frame.address.subId() == object.subId()) {
                    frame.flags |= flags;
                    return true;
                }
                if (frame.address.subId() == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isTarget(ObjectAddress object, int flags) {
        boolean found = false;
        for (Target target : targets) {
            if (!target.address.sameObject(object)) {
                continue;
            }
            if (target.address.subId() == object.subId()) {
                target.flags |= flags;
                found = true;
            } else if (target.address.subId() == 0) {
                found = true;
            } else if (object.subId() == 0) {
                target.flags |= flags | SUBOBJECT;
            }
        }
        return found;
    }

    private void report(boolean cascade, Notices notices) {
        StringBuilder detail = new StringBuilder();
        String single = null;
        int reported = 0;
        int unreported = 0;
        for (int i = targets.size() - 1; i >= 0; i--) {
            Target target = targets.get(i);
            if ((target.flags & (ORIGINAL | SUBOBJECT | SILENT)) != 0) {
                continue;
            }
            String text = descriptions.describe(target.address);
            if (text == null) {
                continue;
            }
            if (reported >= REPORTED_MAX) {
                unreported++;
                continue;
            }
            detail.append(detail.isEmpty() ? "" : "\n");
            if (cascade) {
                detail.append("drop cascades to ").append(text);
            } else {
                detail.append(text).append(" depends on ").append(descriptions.describe(target.dependee));
            }
            single = text;
            reported++;
        }
        if (unreported > 0) {
            detail.append("\nand ").append(unreported).append(unreported == 1 ? " other object" : " other objects")
                    .append(" (see server log for list)");
        }
        if (reported == 0) {
            return;
        }
        if (!cascade) {
            throw refusal(detail.toString());
        }
        if (notices != null) {
            int count = reported + unreported;
            notices.notice(count == 1 ? "drop cascades to " + single : "drop cascades to " + count + " other objects",
                    count == 1 ? null : detail.toString());
        }
    }

    private SqlException refusal(String detail) {
        String message = originals.size() == 1
                ? "cannot drop " + descriptions.describe(originals.getFirst()) + " because other objects depend on it"
                : "cannot drop desired object(s) because other objects depend on them";
        return new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, message).withDetail(detail)
                .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
}
