package chat.milena.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What one connection may use, and when it is given up. Immutable.
///
/// @param windowMax commands without an outcome; beyond it `RATE_LIMITED`
/// @param commandDeadline how long an outcome may take; after it `UNAVAILABLE`
/// @param outboxBytesMax frames that wait for the client to read; beyond it those that may be dropped are, and at
///     twice that the connection is closed
/// @param missedConversationsMax conversations with dropped frames; beyond it the connection is closed
/// @param heartbeatInterval how often clients are asked to speak
/// @param silenceMax how long a client may be silent
/// @param frameWithin how long a frame may take from its head to its last byte; then the connection is closed
/// @param tokenWarning how long before its end a token is warned of, or at half its life if that is shorter
/// @param framesPerSecond frames of any kind, ten seconds' worth at once; beyond it `RATE_LIMITED` unread; 0 is no
/// limit
/// @param liveFramesPerSecond the same of frames of presence and typing, within the former
/// @param malformedMax frames a minute that are no frames; one more closes
/// @param refusedMax frames a minute that are refused for their rate; one more closes
/// @param closeTimeout how long a client may take to answer a close
/// @param receipts how receipts are gathered
public record ConnectionConfig(
        int windowMax,
        Duration commandDeadline,
        int outboxBytesMax,
        int missedConversationsMax,
        Duration heartbeatInterval,
        Duration silenceMax,
        Duration frameWithin,
        Duration tokenWarning,
        int framesPerSecond,
        int liveFramesPerSecond,
        int malformedMax,
        int refusedMax,
        Duration closeTimeout,
        ReceiptConfig receipts) {
    /// Its grain is a microsecond; finer than this it would not be even.
    public static final int FRAMES_PER_SECOND_MAX = 100_000;

    /// What the protocol promises.
    public static final ConnectionConfig DEFAULT = new ConnectionConfig(
            256,
            Duration.ofSeconds(15),
            1024 * 1024,
            1_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            100,
            5,
            10,
            100,
            Duration.ofSeconds(5),
            ReceiptConfig.DEFAULT);

    public ConnectionConfig {
        List<String> errors = new ArrayList<>();
        require(windowMax > 0, "windowMax must be at least 1", errors);
        require(commandDeadline.isPositive(), "commandDeadline must be positive", errors);
        require(outboxBytesMax >= 64 * 1024, "outboxBytesMax must be at least 65536", errors);
        require(missedConversationsMax > 0, "missedConversationsMax must be at least 1", errors);
        require(heartbeatInterval.isPositive(), "heartbeatInterval must be positive", errors);
        require(silenceMax.compareTo(heartbeatInterval) > 0, "silenceMax must be over heartbeatInterval", errors);
        require(frameWithin.isPositive(), "frameWithin must be positive", errors);
        require(tokenWarning.isPositive(), "tokenWarning must be positive", errors);
        require(
                framesPerSecond >= 0 && framesPerSecond <= FRAMES_PER_SECOND_MAX,
                "framesPerSecond must be from 0 to " + FRAMES_PER_SECOND_MAX,
                errors);
        require(
                liveFramesPerSecond >= 0 && liveFramesPerSecond <= FRAMES_PER_SECOND_MAX,
                "liveFramesPerSecond must be from 0 to " + FRAMES_PER_SECOND_MAX,
                errors);
        require(malformedMax > 0, "malformedMax must be at least 1", errors);
        require(refusedMax > 0, "refusedMax must be at least 1", errors);
        require(closeTimeout.isPositive(), "closeTimeout must be positive", errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// The same with another bound on what waits to be written.
    public ConnectionConfig withOutboxBytesMax(int bytesMax) {
        return new ConnectionConfig(
                windowMax,
                commandDeadline,
                bytesMax,
                missedConversationsMax,
                heartbeatInterval,
                silenceMax,
                frameWithin,
                tokenWarning,
                framesPerSecond,
                liveFramesPerSecond,
                malformedMax,
                refusedMax,
                closeTimeout,
                receipts);
    }

    /// The same with another time for clients to answer a close.
    public ConnectionConfig withCloseTimeout(Duration timeout) {
        return new ConnectionConfig(
                windowMax,
                commandDeadline,
                outboxBytesMax,
                missedConversationsMax,
                heartbeatInterval,
                silenceMax,
                frameWithin,
                tokenWarning,
                framesPerSecond,
                liveFramesPerSecond,
                malformedMax,
                refusedMax,
                timeout,
                receipts);
    }

    private static void require(boolean met, String error, List<String> errors) {
        if (!met) {
            errors.add(error);
        }
    }
}
