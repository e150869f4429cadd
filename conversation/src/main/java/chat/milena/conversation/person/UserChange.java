package chat.milena.conversation.person;

/// The result of one command of a user.
///
/// @param next the state afterwards
/// @param isChange whether it differs from the state before; else the command was done before
/// @param <S> the state
public record UserChange<S>(S next, boolean isChange) {}
