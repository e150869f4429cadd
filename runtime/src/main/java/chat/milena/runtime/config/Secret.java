package chat.milena.runtime.config;

/// A setting that must not be shown: its text form hides it.
///
/// @param value the secret itself, for the one place that uses it
public record Secret(String value) {
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
