package chat.milena.gateway.web;

import java.util.Locale;

/// How users sign in on the chat page.
enum SignIn {
    /// By a name alone, which this server takes from anybody on its machine.
    DEVELOPMENT,
    /// At the host application, which gives the page a token.
    URL,
    /// Not at all: nothing is set up.
    NONE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
