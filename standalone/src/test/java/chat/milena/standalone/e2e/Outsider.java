package chat.milena.standalone.e2e;

import java.util.List;
import java.util.stream.Stream;

/// Who asks for what is not theirs, as whom and in which tenant.
enum Outsider {
    NOBODY("alice"),
    EXPIRED("alice"),
    FORGED("alice"),
    UNSIGNED("alice"),
    /// Has the id of the admin.
    OTHER_TENANTS_ADMIN("alice"),
    OTHER_TENANTS_STRANGER("mallory"),
    OTHER_TENANTS_MODERATOR("mia"),
    STRANGER("mallory"),
    FORMER_MEMBER("fred"),
    /// Is in the groups, where only admins may do some things, and in nobody's direct conversation.
    MEMBER("bob");

    private final String userId;

    Outsider(String userId) {
        this.userId = userId;
    }

    String userId() {
        return userId;
    }

    /// Whether the token is good.
    boolean isKnown() {
        return switch (this) {
            case NOBODY, EXPIRED, FORGED, UNSIGNED -> false;
            case OTHER_TENANTS_ADMIN,
                    OTHER_TENANTS_STRANGER,
                    OTHER_TENANTS_MODERATOR,
                    STRANGER,
                    FORMER_MEMBER,
                    MEMBER -> true;
        };
    }

    boolean isElsewhere() {
        return this == OTHER_TENANTS_ADMIN || this == OTHER_TENANTS_STRANGER || this == OTHER_TENANTS_MODERATOR;
    }

    /// Those who can ask, and are in none of the conversations.
    static List<Outsider> inNone() {
        return Stream.of(values())
                .filter(outsider -> outsider.isKnown() && outsider != MEMBER)
                .toList();
    }
}
