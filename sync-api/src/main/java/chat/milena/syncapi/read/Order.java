package chat.milena.syncapi.read;

/// Which way a timeline is walked.
public enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
}
