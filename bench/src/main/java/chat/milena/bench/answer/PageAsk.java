package chat.milena.bench.answer;

/// The page of history that is requested.
public sealed interface PageAsk {
    int limit();

    /// The newest entries, newest first.
    record Newest(int limit) implements PageAsk {}

    /// The entries before a number, newest first.
    record Before(long number, int limit) implements PageAsk {}

    /// The entries after a number, oldest first.
    record After(long number, int limit) implements PageAsk {}
}
