package chat.milena.syncapi.read;

/// The direction in which a timeline is walked.
public enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
}
