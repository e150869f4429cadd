package chat.milena.protocol.timeline;

/// How far a message has come with all other members.
public enum MessageStatus {
    SENT,
    DELIVERED,
    READ
}
