package chat.milena.syncapi.read;

/// How far one's own message has come with all others; the words are the protocol's.
enum MessageStatus {
    SENT,
    DELIVERED,
    READ
}
