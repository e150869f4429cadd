package chat.milena.gateway.web;

import java.util.Locale;

/// How users sign in on the chat page.
enum SignIn {
    /// By a name only, which this server accepts from any user of its machine.
    DEVELOPMENT,
    /// At the host application, which gives the page a token.
    URL,
    /// Not at all: nothing is configured.
    NONE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
