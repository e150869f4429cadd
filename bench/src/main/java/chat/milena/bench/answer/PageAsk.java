package chat.milena.bench.answer;

/// Which page of history is asked for.
public sealed interface PageAsk {
    int limit();

    /// The newest entries, newest first.
    record Newest(int limit) implements PageAsk {}

    /// What lies before a number, newest first.
    record Before(long number, int limit) implements PageAsk {}

    /// What comes after a number, oldest first.
    record After(long number, int limit) implements PageAsk {}
}
