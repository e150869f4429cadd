package chat.milena.gateway.command;

/// Answers the sender of one submitted command. One of the methods is called, once, on any thread; none if the
/// sender is gone. Never blocks.
public interface CommandListener {

    /// The sequencer has decided.
    void decided(Outcome outcome);

    /// The command was not appended, or no outcome came in time. It may have been accepted nevertheless, so the
    /// sender may only retry it.
    void unknown();
}
