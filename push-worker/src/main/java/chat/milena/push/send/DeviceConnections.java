package chat.milena.push.send;

import chat.milena.schemas.key.DeviceKey;

/// Whether a device is connected. Safe for all threads; waits.
@FunctionalInterface
public interface DeviceConnections {
    /// For a process that knows nothing of connections.
    DeviceConnections UNKNOWN = device -> Connected.UNKNOWN;

    /// The answer.
    enum Connected {
        /// One of its connections is online: the user sees messages without a push.
        ONLINE,
        /// None is, or each of them said `away`.
        NOT,
        /// It is not known; the device counts as not connected.
        UNKNOWN
    }

    Connected connected(DeviceKey device);
}
