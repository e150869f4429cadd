package chat.milena.gateway.session;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// The bounds of one connection, and when it is closed. Immutable.
///
/// @param featureLevel the level that clients are sent; lower than this version's while an installation is upgraded
public record ConnectionConfig(Commands commands, Outgoing outbox, Liveness liveness, Frames frames, int featureLevel) {
    /// The defaults that the protocol documents.
    public static final ConnectionConfig DEFAULT = new ConnectionConfig(
            new Commands(256, Duration.ofSeconds(15), ReceiptConfig.DEFAULT),
            new Outgoing(1024 * 1024, 1_000, Duration.ofSeconds(5)),
            new Liveness(
                    Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofSeconds(30), Duration.ofSeconds(60)),
            new Frames(100, 5, 10, 100),
            ServerInfo.FEATURE_LEVEL);

    /// Reads the settings, and notes errors there.
    public static ConnectionConfig of(Settings settings) {
        return new ConnectionConfig(
                Commands.of(settings),
                Outgoing.of(settings),
                Liveness.of(settings),
                Frames.of(settings),
                settings.integer("MILENA_FEATURE_LEVEL_MAX", ServerInfo.FEATURE_LEVEL, 1, ServerInfo.FEATURE_LEVEL));
    }

    /// The same with these bounds on outgoing bytes.
    public ConnectionConfig with(Outgoing other) {
        return new ConnectionConfig(commands, other, liveness, frames, featureLevel);
    }

    /// The same with these times for silence.
    public ConnectionConfig with(Liveness other) {
        return new ConnectionConfig(commands, outbox, other, frames, featureLevel);
    }

    /// The same with these bounds on frames.
    public ConnectionConfig with(Frames other) {
        return new ConnectionConfig(commands, outbox, liveness, other, featureLevel);
    }

    /// Bounds on commands.
    ///
    /// @param windowMax commands without an outcome; beyond it `RATE_LIMITED`
    /// @param deadline how long an outcome may take; after it `UNAVAILABLE`
    /// @param receipts how receipts are merged
    public record Commands(int windowMax, Duration deadline, ReceiptConfig receipts) {
        public Commands {
            require(windowMax > 0, "windowMax must be at least 1");
            require(deadline.isPositive(), "deadline must be positive");
        }

        private static Commands of(Settings settings) {
            Commands usual = DEFAULT.commands;
            return new Commands(
                    settings.integer("MILENA_WINDOW_MAX", usual.windowMax, 1, 100_000),
                    settings.duration(
                            "MILENA_ANSWER_WITHIN", usual.deadline, Duration.ofSeconds(1), Duration.ofMinutes(5)),
                    ReceiptConfig.of(settings));
        }
    }

    /// Bounds on frames that wait to be written.
    ///
    /// @param bytesMax bytes that wait for the client to read; beyond it droppable frames are dropped, and at
    /// twice that the connection is closed
    /// @param missedConversationsMax conversations with dropped frames; beyond it the connection is closed
    /// @param closeTimeout how long a client may take to answer a close
    public record Outgoing(int bytesMax, int missedConversationsMax, Duration closeTimeout) {
        public Outgoing {
            require(bytesMax >= 64 * 1024, "bytesMax must be at least 65536");
            require(missedConversationsMax > 0, "missedConversationsMax must be at least 1");
            require(closeTimeout.isPositive(), "closeTimeout must be positive");
        }

        private static Outgoing of(Settings settings) {
            Outgoing usual = DEFAULT.outbox;
            return usual.withBytesMax(
                    settings.integer("MILENA_OUTBOX_BYTES_MAX", usual.bytesMax, 64 * 1024, 64 * 1024 * 1024));
        }

        /// The same with this bound in bytes.
        public Outgoing withBytesMax(int other) {
            return new Outgoing(other, missedConversationsMax, closeTimeout);
        }
    }

    /// When a connection counts as dead, and when the end of its token is announced.
    ///
    /// @param heartbeatInterval how often clients are asked to send something
    /// @param silenceMax how long a client may be silent
    /// @param frameWithin how long a frame may take from its head to its last byte; then the connection is closed
    /// @param tokenWarning how long before its end a token is announced as expiring, or at half its life if that
    /// is shorter
    public record Liveness(
            Duration heartbeatInterval, Duration silenceMax, Duration frameWithin, Duration tokenWarning) {
        public Liveness {
            require(heartbeatInterval.isPositive(), "heartbeatInterval must be positive");
            require(silenceMax.compareTo(heartbeatInterval) > 0, "silenceMax must be over heartbeatInterval");
            require(frameWithin.isPositive(), "frameWithin must be positive");
            require(tokenWarning.isPositive(), "tokenWarning must be positive");
        }

        private static Liveness of(Settings settings) {
            Liveness usual = DEFAULT.liveness;
            Duration heartbeat = settings.duration(
                    "MILENA_HEARTBEAT_INTERVAL",
                    usual.heartbeatInterval,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(10));
            Duration silence = settings.duration(
                    "MILENA_SILENCE_MAX", usual.silenceMax, Duration.ofSeconds(1), Duration.ofHours(1));
            if (silence.compareTo(heartbeat) <= 0) {
                settings.refuse("MILENA_SILENCE_MAX must be over MILENA_HEARTBEAT_INTERVAL");
                silence = heartbeat.multipliedBy(2);
            }
            return new Liveness(
                    heartbeat,
                    silence,
                    settings.duration(
                            "MILENA_FRAME_WITHIN", usual.frameWithin, Duration.ofSeconds(1), Duration.ofHours(1)),
                    settings.duration(
                            "MILENA_TOKEN_WARNING", usual.tokenWarning, Duration.ofSeconds(1), Duration.ofHours(1)));
        }

        /// The same with these intervals.
        public Liveness withSilence(Duration interval, Duration max) {
            return new Liveness(interval, max, frameWithin, tokenWarning);
        }
    }

    /// Bounds on the frames that a client sends.
    ///
    /// @param perSecond frames of any kind, in bursts of ten seconds' worth; beyond it `RATE_LIMITED` unread; 0 is
    /// no limit
    /// @param livePerSecond the same for frames of presence and typing, which also count as frames
    /// @param malformedMax malformed frames a minute; one more closes the connection
    /// @param refusedMax frames a minute that are rejected for their rate; one more closes the connection
    public record Frames(int perSecond, int livePerSecond, int malformedMax, int refusedMax) {
        /// The allowance counts microseconds; above this rate it would be uneven.
        private static final int PER_SECOND_MAX = 100_000;

        private static final int PER_MINUTE_MAX = 100_000;

        public Frames {
            require(isRate(perSecond), "perSecond must be from 0 to " + PER_SECOND_MAX);
            require(isRate(livePerSecond), "livePerSecond must be from 0 to " + PER_SECOND_MAX);
            require(malformedMax > 0, "malformedMax must be at least 1");
            require(refusedMax > 0, "refusedMax must be at least 1");
        }

        private static boolean isRate(int perSecond) {
            return perSecond >= 0 && perSecond <= PER_SECOND_MAX;
        }

        private static Frames of(Settings settings) {
            Frames usual = DEFAULT.frames;
            return new Frames(
                    settings.integer("MILENA_RATE_FRAMES_PER_SECOND", usual.perSecond, 0, PER_SECOND_MAX),
                    settings.integer("MILENA_RATE_LIVE_FRAMES_PER_SECOND", usual.livePerSecond, 0, PER_SECOND_MAX),
                    settings.integer("MILENA_MALFORMED_FRAMES_PER_MINUTE", usual.malformedMax, 1, PER_MINUTE_MAX),
                    settings.integer("MILENA_REFUSED_FRAMES_PER_MINUTE", usual.refusedMax, 1, PER_MINUTE_MAX));
        }

        /// The same with this rate of frames of presence and typing.
        public Frames withLivePerSecond(int other) {
            return new Frames(perSecond, other, malformedMax, refusedMax);
        }
    }

    private static void require(boolean met, String error) {
        if (!met) {
            throw new IllegalArgumentException(error);
        }
    }
}
