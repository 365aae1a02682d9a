package io.quantadb.catalog;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a privilege list: who was granted what by whom. Printed as {@code grantee=letters/grantor}, a star
 * after letters with grant option, names quoted with double quotes where needed.
 *
 * @param grantee "" for PUBLIC
 * @param rights bits of {@link Privilege#bit}
 * @param grantOptions subset of {@code rights}
 */
public record AclItem(String grantee, int rights, int grantOptions, String grantor) {
    public boolean isPublic() {
        return grantee.isEmpty();
    }

    /** @throws SqlException 22P02 */
    public static AclItem parse(String text) {
        int[] position = {0};
        String grantee = name(text, position);
        if (position[0] >= text.length() || text.charAt(position[0]) != '=') {
            throw invalid("missing \"=\" sign");
        }
        int rights = 0;
        int options = 0;
        Privilege last = null;
        int at = position[0] + 1;
        for (; at < text.length() && text.charAt(at) != '/'; at++) {
            char c = text.charAt(at);
            if (c == '*' && last != null) {
                options |= last.bit();
                continue;
            }
            last = Privilege.ofLetter(c);
            if (last == null) {
                throw invalid("invalid mode character: must be one of \"arwdDxtXUCTcsA\"");
            }
            rights |= last.bit();
        }
        String grantor = "";
        if (at < text.length()) {
            position[0] = at + 1;
            grantor = name(text, position);
        }
        return new AclItem(grantee, rights, options, grantor);
    }

    private static SqlException invalid(String message) {
        return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, message);
    }

    private static String name(String text, int[] position) {
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        int at = position[0];
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                if (quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                    name.append('"');
                    at++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == '=' || c == '/')) {
                break;
            } else {
                name.append(c);
            }
        }
        position[0] = at;
        return name.toString();
    }

    private static String quote(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '_') {
                return '"' + name.replace("\"", "\"\"") + '"';
            }
        }
        return name;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(quote(grantee)).append('=');
        for (Privilege privilege : Privilege.values()) {
            if ((rights & privilege.bit()) != 0) {
                out.append(privilege.letter());
                if ((grantOptions & privilege.bit()) != 0) {
                    out.append('*');
                }
            }
        }
        return out.append('/').append(quote(grantor)).toString();
    }

    public AclItem renamed(String oldName, String newName) {
        return new AclItem(grantee.equals(oldName) ? newName : grantee, rights, grantOptions,
                grantor.equals(oldName) ? newName : grantor);
    }

    /** Puts a new owner in the place of the old one; entries that become the same are merged. */
    public static List<String> changeOwner(List<String> acl, String oldOwner, String newOwner) {
        List<AclItem> items = new ArrayList<>();
        for (String text : acl) {
            AclItem item = parse(text).renamed(oldOwner, newOwner);
            int same = -1;
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).grantee.equals(item.grantee) && items.get(i).grantor.equals(item.grantor)) {
                    same = i;
                }
            }
            if (same >= 0) {
                AclItem other = items.get(same);
                items.set(same, new AclItem(item.grantee, item.rights | other.rights,
                        item.grantOptions | other.grantOptions, item.grantor));
            } else {
                items.add(item);
            }
        }
        return items.stream().map(AclItem::toString).toList();
    }
}
