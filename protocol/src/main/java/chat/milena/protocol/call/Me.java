package chat.milena.protocol.call;

import org.jspecify.annotations.Nullable;

/// The user whose token asks.
///
/// @param name the name that the token says
/// @param mayStart with whom the user may start conversations: `anyone`, `contacts` or `host`
public record Me(String userId, String tenant, @Nullable String name, String mayStart) {}
