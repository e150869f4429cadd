package chat.milena.runtime.token;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.time.Ticker;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How a process checks tokens: by the secrets that it is given, by those of its settings, and by published keys.
///
/// @param keys runs as long as tokens are checked
public record Tokens(TokenVerifier verifier, Component keys) {

    /// Reads the settings, and notes errors there.
    ///
    /// @param first secrets in addition to those of the settings
    /// @param operator secrets by which the operator signs tokens without a rate
    public static Tokens of(Settings settings, List<TokenSecret> first, List<TokenSecret> operator, Clock clock) {
        List<TokenSecret> secrets = new ArrayList<>(first);
        secrets.addAll(secrets(settings));
        JwksKeys keys = new JwksKeys(JwksConfig.of(settings), Ticker.system());
        Exemptions exemptions = Exemptions.of(settings, operator);
        return new Tokens(
                new SignedTokenVerifier(secrets, keys.keys(), exemptions, ClaimRules.of(settings), clock), keys);
    }

    /// Reads all settings of tokens, and notes errors there.
    public static void readSettings(Settings settings) {
        secrets(settings);
        JwksConfig.of(settings);
        ClaimRules.of(settings);
        Exemptions.of(settings, List.of());
    }

    private static List<TokenSecret> secrets(Settings settings) {
        return settings.readSecret("MILENA_TOKEN_SECRETS", List.of(), Tokens::parseSecrets);
    }

    private static List<TokenSecret> parseSecrets(String commaSeparated) {
        return Arrays.stream(commaSeparated.split("[,\n]", -1))
                .map(String::strip)
                .map(TokenSecret::parse)
                .toList();
    }
}
