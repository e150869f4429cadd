package chat.milena.schemas.word;

/// The service that a registration for push belongs to.
public enum PushPlatform implements Word {
    APNS("apns"),
    FCM("fcm"),
    WEBPUSH("webpush");

    private final String word;

    PushPlatform(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
