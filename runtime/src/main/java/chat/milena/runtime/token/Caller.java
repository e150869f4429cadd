package chat.milena.runtime.token;

import chat.milena.schemas.key.UserKey;

/// Who has commands appended, as a checked token says. Immutable.
///
/// @param unlimitedRate whether they are exempt from rates
public record Caller(UserKey user, boolean unlimitedRate) {

    /// The bearer of a token.
    public static Caller of(VerifiedToken token) {
        return new Caller(new UserKey(token.tenant(), token.userId()), token.unlimitedRate());
    }
}
