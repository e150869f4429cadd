package chat.milena.gateway.resume;

import chat.milena.gateway.resume.CatchUp.CaughtUp;
import chat.milena.gateway.session.InitialFrames;
import chat.milena.gateway.session.ResumePoints;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.schemas.key.UserKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How connections start: new, or resumed from a token. Safe for all threads, which may wait; the user's shard
/// must be leased during the call.
public final class Resumes {
    private static final Logger LOG = LoggerFactory.getLogger(Resumes.class);
    private static final int NOTHING = 0;

    private final ResumeTokens tokens;
    private final RecentDeliveries recent;
    private final ResumeConfig.Behind bounds;
    private final LogScan log;
    private final CatchUp catchUp;
    private final int shards;
    private final Clock clock;
    private final MeterRegistry meters;
    private final AtomicLong missedBytes = new AtomicLong();

    /// @param shards the number of shards
    public Resumes(
            ResumeTokens tokens,
            RecentDeliveries recent,
            LogScan log,
            ResumeConfig config,
            int shards,
            Clock clock,
            MeterRegistry meters) {
        this.tokens = tokens;
        this.recent = recent;
        this.bounds = config.missed();
        this.log = log;
        this.catchUp = new CatchUp(recent, log, config.within());
        this.shards = shards;
        this.clock = clock;
        this.meters = meters;
        for (ResumeResult result : ResumeResult.values()) {
            count(result, NOTHING);
        }
        Gauge.builder("milena.gateway.resume.missed.bytes", missedBytes, AtomicLong::get)
                .description("Missed bytes of clients that are not written to them yet")
                .register(meters);
        Gauge.builder("milena.gateway.resume.recent.bytes", recent, RecentDeliveries::bytes)
                .description("Deliveries in memory for clients that resume")
                .register(meters);
    }

    /// A connection that has started: it is registered, and `missed` holds its missed deliveries, if there are
    /// any.
    public static final class Begun {
        private final boolean resumed;
        private final @Nullable String token;
        private final @Nullable String tokenBehind;
        private final Missed missed;
        private final UserKey user;
        private final Clock clock;

        private Begun(
                boolean resumed,
                @Nullable String token,
                @Nullable String tokenBehind,
                Missed missed,
                UserKey user,
                Clock clock) {
            this.resumed = resumed;
            this.token = token;
            this.tokenBehind = tokenBehind;
            this.missed = missed;
            this.user = user;
            this.clock = clock;
        }

        /// Whether the client gets everything since its token, and need not sync.
        public boolean resumed() {
            return resumed;
        }

        /// A token of the position from which this connection gets everything; null if there is none.
        public @Nullable String token() {
            return token;
        }

        /// A token that covers the first frames, once the client has all of them.
        @Nullable
        String tokenBehind() {
            return tokenBehind;
        }

        /// The first frames.
        ///
        /// @param connected the first of them
        public InitialFrames frames(ServerFrame connected) {
            return new Replay(connected, missed, user.userId(), clock);
        }

        /// Same as [#frames], each as an event; the id of the last covers all of them.
        public InitialFrames events(ServerFrame connected) {
            return new InitialEvents(frames(connected), token, tokenBehind);
        }
    }

    /// Starts a connection.
    ///
    /// @param token the client's token; null without one
    /// @param subscriber attached by this, after its missed deliveries
    public Begun begin(LiveSubscriber subscriber, @Nullable String token) {
        UserKey user = subscriber.user();
        if (token != null) {
            Missed missed = new Missed(user, bounds, missedBytes, log::decoded);
            ResumeResult result = ResumeResult.FAILED;
            try {
                ResumePosition position = position(user, token);
                CaughtUp caughtUp = catchUp.run(position, missed, subscriber);
                result = caughtUp.from();
                // The same position: this token covers none of the frames that are still to be written.
                String from = tokens.write(user, position);
                String to = tokens.write(user, new ResumePosition(shards, position.shard(), caughtUp.liveFrom()));
                return new Begun(true, from, to, missed, user, clock);
            } catch (NotResumableException e) {
                result = e.result();
                missed.release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                missed.release();
            } catch (RuntimeException e) {
                LOG.error("A client could not resume", e);
                missed.release();
            } finally {
                count(result, 1);
            }
            LOG.debug("A client of {} must sync: {}", user.tenant(), result);
        }
        // The token first: later deliveries arrive live, earlier ones are visible to a sync.
        String now = points(user).token();
        subscriber.attached(0);
        return new Begun(false, now, now, new Missed(user, bounds, missedBytes, log::decoded), user, clock);
    }

    private ResumePosition position(UserKey user, String token) throws NotResumableException {
        ResumePosition position = tokens.read(user, token);
        if (position == null || !position.isOf(user, shards)) {
            throw new NotResumableException(ResumeResult.TOKEN);
        }
        return position;
    }

    /// The resume points of this user's connections.
    public ResumePoints points(UserKey user) {
        int shard = shardOf(user);
        return new ResumePoints() {
            @Override
            public @Nullable String token() {
                return written(user, shard, recent.settled(shard));
            }

            @Override
            public @Nullable String tokenAfter(long offset) {
                return written(user, shard, recent.settledAfter(shard, offset));
            }
        };
    }

    private @Nullable String written(UserKey user, int shard, OptionalLong offset) {
        return offset.isEmpty() ? null : tokens.write(user, new ResumePosition(shards, shard, offset.getAsLong()));
    }

    private int shardOf(UserKey user) {
        return user.shard(shards).shard();
    }

    private void count(ResumeResult result, int times) {
        Counter.builder("milena.gateway.resumes")
                .description("Clients that resumed with a token")
                .tag("result", result.word())
                .register(meters)
                .increment(times);
    }
}
