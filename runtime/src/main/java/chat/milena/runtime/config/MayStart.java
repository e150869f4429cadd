package chat.milena.runtime.config;

import java.util.Locale;

/// Whom the users of a tenant may add to groups and start direct conversations with.
public enum MayStart {
    /// Anybody.
    ANYONE,
    /// People with whom they share a conversation that both have joined in.
    CONTACTS,
    /// Nobody: hosts bring their users together.
    HOST;

    /// The word that settings and answers use for it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
