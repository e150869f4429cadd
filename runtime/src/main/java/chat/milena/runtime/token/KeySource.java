package chat.milena.runtime.token;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A URL that publishes keys, and whose tokens they may sign. Immutable.
///
/// @param tenant the one tenant that its keys vouch for; null for any
public record KeySource(URI url, @Nullable String tenant) {
    /// Whether its keys vouch for this tenant.
    boolean isFor(String someTenant) {
        return tenant == null || tenant.equals(someTenant);
    }
}
