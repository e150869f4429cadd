package chat.milena.standalone.up;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.ClaimRules;
import chat.milena.runtime.token.Exemptions;
import chat.milena.runtime.token.JwksConfig;
import chat.milena.runtime.token.JwksKeys;
import chat.milena.runtime.token.SignedTokenVerifier;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenVerifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How a run checks tokens: by the data folder's secrets, by further secrets, and by published keys.
///
/// @param keys runs as long as tokens are checked
public record Tokens(TokenVerifier verifier, Component keys) {

    /// As the environment says; what is wrong with it is noted there.
    ///
    /// @throws DataFolderException if the folder's secrets cannot be had
    public static Tokens of(Settings environment, DataFolder folder, Clock clock) throws DataFolderException {
        return of(environment, List.of(folder.tokenSecret()), List.of(folder.operatorSecret()), clock);
    }

    /// As the environment says, where there is no data folder; what is wrong with it is noted there.
    public static Tokens of(Settings environment, Clock clock) {
        return of(environment, List.of(), List.of(), clock);
    }

    private static Tokens of(Settings environment, List<TokenSecret> first, List<TokenSecret> operator, Clock clock) {
        List<TokenSecret> secrets = new ArrayList<>(first);
        secrets.addAll(secrets(environment));
        JwksKeys keys = new JwksKeys(JwksConfig.of(environment), Ticker.system());
        Exemptions exemptions = Exemptions.of(environment, operator);
        return new Tokens(
                new SignedTokenVerifier(secrets, keys.keys(), exemptions, ClaimRules.of(environment), clock), keys);
    }

    /// Reads all that is read of the environment; what is wrong with it is noted there.
    static void readSettings(Settings environment) {
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
