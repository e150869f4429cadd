package chat.milena.bench.client;

/// Gives a fresh token for a user each time it is asked: at every connect, every REST call and before one expires.
/// Called from any thread.
@FunctionalInterface
public interface TokenSource {
    String tokenFor(String userId);
}
