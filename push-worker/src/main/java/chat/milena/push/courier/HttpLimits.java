package chat.milena.push.courier;

import java.time.Duration;

/// The bounds of an [HttpCarrier].
///
/// @param connectionsMax connections at the same time
/// @param perOriginMax connections at the same time to one origin
/// @param connectTime the time to connect, and again the time of the TLS handshake
/// @param answerTime the time of the whole exchange, from the name of the host to the last byte of the answer
/// @param bodyBytesMax bytes of an answer that are read; the rest is not
public record HttpLimits(
        int connectionsMax, int perOriginMax, Duration connectTime, Duration answerTime, int bodyBytesMax) {
    public static final HttpLimits STANDARD =
            new HttpLimits(512, 256, Duration.ofSeconds(5), Duration.ofSeconds(15), 16_384);
}
