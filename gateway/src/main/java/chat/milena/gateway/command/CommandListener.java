package chat.milena.gateway.command;

/// Answers the sender of one submitted command. One of the methods is called, once, on any thread; none if the sender
/// is gone. Never blocks.
public interface CommandListener {

    /// The sequencer has decided.
    void decided(Outcome outcome);

    /// The command could not be appended, or no outcome came in time. It may have been accepted all the same, so the
    /// sender may only retry it.
    void unknown();
}
