package chat.milena.runtime.limit;

import chat.milena.schemas.key.UserKey;
import org.jspecify.annotations.Nullable;

/// The holder of a part of a [Budget]. A part that is not known yet is null and not counted.
///
/// @param tenant the tenant, once a token named it
/// @param user the user, once a token named it
/// @param address the network of the client
public record Holder(
        @Nullable String tenant,
        @Nullable UserKey user,
        @Nullable ClientAddress address) {
    /// A user, from any address.
    public static Holder of(UserKey user) {
        return new Holder(user.tenant(), user, null);
    }

    /// All users of a tenant together.
    public static Holder ofTenant(String tenant) {
        return new Holder(tenant, null, null);
    }

    /// A stranger, known only by address.
    public static Holder of(ClientAddress address) {
        return new Holder(null, null, address);
    }
}
