package chat.milena.syncapi.person;

/// A device that was connected lately.
///
/// @param deviceId `~` and the connection for one without
public record SeenDevice(String deviceId, boolean connected, long firstSeenMillis, long lastSeenMillis) {}
