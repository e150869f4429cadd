package chat.milena.bench.call;

import chat.milena.bench.client.TokenSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command-line options for the server and the signing of tokens for it.
public final class ServerOptions {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8080",
            paramLabel = "URL",
            description = "The server (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--data",
            defaultValue = "data",
            paramLabel = "DIR",
            description = "Data folder of the server, for its secrets (default: ./${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description =
                    "Secret that signs tokens, instead of those in --data; only an operator's exempts from rates.")
    private @Nullable Path secretFile;

    @Option(
            names = "--tenant",
            defaultValue = "default",
            paramLabel = "TENANT",
            description = "Tenant of all users (default: ${DEFAULT-VALUE}).")
    private String tenant = "default";

    public URI url() {
        return url;
    }

    /// The given data folder; a server on another machine has none.
    public Path data() {
        return data;
    }

    /// Tokens of the given tenant, for users who are exempt from the server's rates.
    public TokenSource tokens(Clock clock) {
        return tokens(clock, tenant, true);
    }

    /// Tokens of the given tenant.
    ///
    /// @param unlimited whether they are exempt from the server's rates
    public TokenSource tokens(Clock clock, boolean unlimited) {
        return tokens(clock, tenant, unlimited);
    }

    /// Tokens of another tenant of the same server.
    ///
    /// @param unlimited whether they are exempt from the server's rates
    public TokenSource tokens(Clock clock, String otherTenant, boolean unlimited) {
        TokenMinter minter = minter(clock, unlimited);
        return (unlimited ? minter : minter.ordinary()).forTenant(otherTenant, TOKEN_LIFETIME);
    }

    /// Tokens of moderators of the given tenant, who are exempt from the server's rates.
    public TokenSource moderators(Clock clock) {
        return minter(clock, true).forModerators(tenant, TOKEN_LIFETIME);
    }

    private TokenMinter minter(Clock clock, boolean unlimited) {
        Path file = secretFile == null ? data.resolve(unlimited ? "operator.secret" : "token.secret") : secretFile;
        return TokenMinter.fromFile(file, clock);
    }
}
