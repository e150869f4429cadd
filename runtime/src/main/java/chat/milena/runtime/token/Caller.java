package chat.milena.runtime.token;

import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;

/// The author of commands, from a checked token. Immutable.
///
/// @param unlimitedRate whether the author is exempt from rates
/// @param kind the role in which the author acts
public record Caller(UserKey user, boolean unlimitedRate, ActorKind kind) {

    /// A member.
    public Caller(UserKey user, boolean unlimitedRate) {
        this(user, unlimitedRate, ActorKind.MEMBER);
    }

    /// The bearer of a token.
    public static Caller of(VerifiedToken token) {
        return new Caller(
                new UserKey(token.tenant(), token.userId()),
                token.unlimitedRate(),
                token.moderator() ? ActorKind.MODERATOR : ActorKind.MEMBER);
    }
}
