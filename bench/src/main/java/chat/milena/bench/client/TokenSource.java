package chat.milena.bench.client;

/// Returns a fresh token for a user at each call: at every connect, at every REST call and before one expires.
/// Called from any thread.
@FunctionalInterface
public interface TokenSource {
    String tokenFor(String userId);
}
