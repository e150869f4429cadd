package chat.milena.runtime.token;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A URL that publishes keys, and the tenants whose tokens they may sign. Immutable.
///
/// @param tenant the one tenant that its keys are valid for; null for any
public record KeySource(URI url, @Nullable String tenant) {
    /// Whether its keys are valid for this tenant.
    boolean isFor(String someTenant) {
        return tenant == null || tenant.equals(someTenant);
    }
}
