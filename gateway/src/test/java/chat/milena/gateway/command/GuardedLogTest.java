package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.command.CommandLog.When;
import chat.milena.schemas.avro.InboundCommand;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GuardedLogTest {
    private static final When NOW = new When(Duration.ZERO, Duration.ofSeconds(15));

    private final FakeCommandLog behind = new FakeCommandLog();
    private final AtomicBoolean room = new AtomicBoolean(true);
    private final GuardedLog log = new GuardedLog(behind, room::get);

    @Test
    void nothingIsAppendedWhileThereIsNoRoom() {
        assertThat(append()).isTrue();

        room.set(false);
        assertThat(log.hasRoom()).isFalse();
        assertThat(append()).isFalse();
        assertThat(behind.size()).isEqualTo(1);

        room.set(true);
        assertThat(append()).isTrue();
        assertThat(behind.size()).isEqualTo(2);
    }

    private boolean append() {
        return log.append(new InboundCommand(), NOW, failed -> {});
    }
}
