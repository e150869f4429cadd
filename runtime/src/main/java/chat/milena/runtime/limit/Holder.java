package chat.milena.runtime.limit;

import chat.milena.schemas.key.UserKey;
import org.jspecify.annotations.Nullable;

/// Who holds a part of a [Budget]. What is not known yet is null, and not counted.
///
/// @param tenant the tenant, once a token named it
/// @param user the user, once a token named it
/// @param address where the client connects from
public record Holder(
        @Nullable String tenant,
        @Nullable UserKey user,
        @Nullable ClientAddress address) {
    /// A user, wherever it connects from.
    public static Holder of(UserKey user) {
        return new Holder(user.tenant(), user, null);
    }

    /// All users of a tenant together.
    public static Holder ofTenant(String tenant) {
        return new Holder(tenant, null, null);
    }

    /// A stranger, of whom only the address is known.
    public static Holder of(ClientAddress address) {
        return new Holder(null, null, address);
    }
}
