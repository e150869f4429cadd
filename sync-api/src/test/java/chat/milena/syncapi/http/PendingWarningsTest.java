package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.frame.SafetyFrames.BanUpdated;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.ModerationRead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingWarningsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final UserKey BOB = new UserKey("shop", "bob");

    private final FakeReads reads = new FakeReads(Clock.fixed(NOON, ZoneOffset.UTC));
    private final ModerationCalls calls = new ModerationCalls(
            reads,
            new SyncLimits(
                    new SyncLimits.InProgress(1, 1),
                    new SyncLimits.Sync(1_000, 10, 10, 10),
                    new SyncLimits.Pages(10, 10, 3),
                    1_000_000,
                    10),
            Clock.fixed(NOON, ZoneOffset.UTC));

    @BeforeEach
    void warn() {
        reads.views.bans.put(BanKey.of("shop", "bob", "c"), new Ban("shop", "bob", "c", null, "spam", "mia", NOON));
        reads.views.warnings.put(BOB, new Warnings("shop", "bob", List.of(new Warning("c", "m", "be kind", NOON))));
    }

    private PendingWarnings pending() {
        return ((CallAnswer.Answered<PendingWarnings>) calls.warnings(BOB)).value();
    }

    @Test
    void bansAndWarningsAreOneQuestion() {
        assertThat(pending().bans()).containsExactly(new BanUpdated("c", true, null, "spam"));
        assertThat(pending().warnings()).hasSize(1);
        assertThat(reads.asked).hasValue(2);
    }

    @Test
    void warningsAreSentAloneWhileBansCannotBeRead() {
        reads.away = read -> read instanceof ModerationRead.BansOf;

        assertThat(pending().bans()).isEmpty();
        assertThat(pending().warnings()).hasSize(1);
        reads.retryAfter = Duration.ofSeconds(1);
        assertThat(calls.warnings(BOB)).isInstanceOf(CallAnswer.Unavailable.class);
    }
}
