package chat.milena.runtime.token;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.time.Ticker;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How a process checks tokens: by the secrets that it is given, by further ones of its settings, and by published
/// keys.
///
/// @param keys runs as long as tokens are checked
public record Tokens(TokenVerifier verifier, Component keys) {

    /// As the environment says; what is wrong with it is noted there.
    ///
    /// @param first secrets beside those of the environment
    /// @param operator secrets by which the operator signs tokens without a rate
    public static Tokens of(Settings environment, List<TokenSecret> first, List<TokenSecret> operator, Clock clock) {
        List<TokenSecret> secrets = new ArrayList<>(first);
        secrets.addAll(secrets(environment));
        JwksKeys keys = new JwksKeys(JwksConfig.of(environment), Ticker.system());
        Exemptions exemptions = Exemptions.of(environment, operator);
        return new Tokens(
                new SignedTokenVerifier(secrets, keys.keys(), exemptions, ClaimRules.of(environment), clock), keys);
    }

    /// Reads all that is read of the environment; what is wrong with it is noted there.
    public static void readSettings(Settings environment) {
        secrets(environment);
        JwksConfig.of(environment);
        ClaimRules.of(environment);
        Exemptions.of(environment, List.of());
    }

    private static List<TokenSecret> secrets(Settings environment) {
        return environment.readSecret("MILENA_TOKEN_SECRETS", List.of(), Tokens::parseSecrets);
    }

    private static List<TokenSecret> parseSecrets(String commaSeparated) {
        return Arrays.stream(commaSeparated.split("[,\n]", -1))
                .map(String::strip)
                .map(TokenSecret::parse)
                .toList();
    }
}
