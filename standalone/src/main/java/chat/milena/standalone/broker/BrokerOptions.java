package chat.milena.standalone.broker;

import org.jspecify.annotations.Nullable;

/// What an operator chooses for the embedded broker.
///
/// @param durable whether a record is on the disk before it is acknowledged; else the operating system has it
/// @param elsewhere how clients on other machines read; null if they do not
public record BrokerOptions(boolean durable, @Nullable Elsewhere elsewhere) {
    /// Those of a broker for this machine.
    public static final BrokerOptions USUAL = new BrokerOptions(false, null);

    /// How clients on other machines read.
    ///
    /// @param reader the only login of that listener
    public record Elsewhere(ElsewhereListener listener, BrokerLogin reader) {}
}
