package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FrameMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FrameMeters meters = new FrameMeters(registry);

    private double closes(String code, String why) {
        return registry.get("milena.gateway.closes")
                .tags("code", code, "why", why)
                .counter()
                .count();
    }

    @Test
    void everyCloseOfTheGatewayIsCountedWithItsReason() {
        for (CloseCode close : CloseCode.values()) {
            meters.closed(close.code(), close.reason(), false);

            assertThat(closes(Integer.toString(close.code()), close.name().toLowerCase(Locale.ROOT)))
                    .as(close.name())
                    .isEqualTo(1);
        }
        meters.closed(CloseCode.FRAME_TOO_LARGE.code(), "in the words of the library", false);
        assertThat(closes("1009", "frame_too_large")).isEqualTo(2);
        meters.closed(1002, "", false);
        assertThat(closes("other", "protocol")).isEqualTo(1);
    }

    @Test
    void closesOfClientsHaveFewCodesAndASocketWithoutACloseIsLost() {
        meters.closed(1000, "", true);
        meters.closed(1001, "", true);
        meters.closed(4999, "any", true);
        meters.closed(4401, "token expired", true);
        meters.closed(-1, null, false);
        meters.closed(-1, null, true);

        assertThat(closes("1000", "client")).isEqualTo(1);
        assertThat(closes("1001", "client")).isEqualTo(1);
        assertThat(closes("other", "client")).isEqualTo(2);
        assertThat(closes("1006", "lost")).isEqualTo(2);
        assertThat(closes("4401", "token_expired")).isZero();
    }

    @Test
    void rejectionsAreCountedByCodeFromTheStart() {
        meters.sent(ServerFrames.error("r1", ErrorCode.TOO_LARGE, "too large"));
        meters.sent(ServerFrames.error("r2", ErrorCode.TOO_LARGE, "too large").asEvent("token"));
        meters.sent(ServerFrames.ok("r3"));

        for (ErrorCode code : ErrorCode.values()) {
            assertThat(registry.get("milena.rejections")
                            .tags("answered", "frame", "code", code.word())
                            .counter()
                            .count())
                    .as(code.word())
                    .isEqualTo(code == ErrorCode.TOO_LARGE ? 2 : 0);
        }
    }
}
