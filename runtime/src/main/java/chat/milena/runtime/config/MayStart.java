package chat.milena.runtime.config;

import java.util.Locale;

/// With whom a tenant's users may start direct conversations and groups, and whom they may add.
public enum MayStart {
    /// Anybody.
    ANYONE,
    /// People with whom they share a conversation that both have joined in.
    CONTACTS,
    /// Nobody: hosts bring their users together.
    HOST;

    /// As settings and answers name it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
