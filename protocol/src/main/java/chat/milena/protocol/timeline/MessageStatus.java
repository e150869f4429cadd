package chat.milena.protocol.timeline;

/// How far one's own message has come with all others.
public enum MessageStatus {
    SENT,
    DELIVERED,
    READ
}
