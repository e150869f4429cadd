package chat.milena.bench;

import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/// Parses durations as people write them: `500ms`, `60s`, `5m`, `24h`.
final class Durations {
    private Durations() {}

    static Duration parse(String text) {
        String number = text.replaceFirst("(ms|s|m|h)$", "");
        String unit = text.substring(number.length());
        try {
            long value = Long.parseLong(number);
            if (value >= 0) {
                switch (unit) {
                    case "ms" -> {
                        return Duration.ofMillis(value);
                    }
                    case "s" -> {
                        return Duration.ofSeconds(value);
                    }
                    case "m" -> {
                        return Duration.ofMinutes(value);
                    }
                    case "h" -> {
                        return Duration.ofHours(value);
                    }
                    default -> {}
                }
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Falls through to the one error message.
        }
        throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 60s, 5m or 24h");
    }
}
