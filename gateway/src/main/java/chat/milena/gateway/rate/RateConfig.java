package chat.milena.gateway.rate;

import java.util.ArrayList;
import java.util.List;

/// How often things may be done; each rate is a token bucket as deep as one period's worth, and 0 is no limit.
/// Immutable.
///
/// @param messagesPerSecond commands of one user, on all of their connections together
/// @param messagesPerMinute the same, over a minute
/// @param tenantMessagesPerSecond commands of all users of one tenant together
/// @param connectionsPerSecond new connections
/// @param addressConnectionsPerSecond new connections from one address
/// @param receiptsPerSecond commands made of one user's receipts, on all of their connections together
/// @param tenantReceiptsPerSecond the same of all users of one tenant together
/// @param pollsPerTenSeconds long polls of one user in ten seconds
/// @param mebibytesPerDay what commands of one user may write to the log in a day; receipts as much again
/// @param tenantMebibytesPerDay the same of all users of one tenant together
public record RateConfig(
        int messagesPerSecond,
        int messagesPerMinute,
        int tenantMessagesPerSecond,
        int connectionsPerSecond,
        int addressConnectionsPerSecond,
        int receiptsPerSecond,
        int tenantReceiptsPerSecond,
        int pollsPerTenSeconds,
        int mebibytesPerDay,
        int tenantMebibytesPerDay) {

    /// More than any log takes in a day; in KiB it still fits.
    public static final int MEBIBYTES_MAX = 1_000_000;

    /// Rates without bounds of a day.
    public RateConfig(
            int messagesPerSecond,
            int messagesPerMinute,
            int tenantMessagesPerSecond,
            int connectionsPerSecond,
            int addressConnectionsPerSecond,
            int receiptsPerSecond,
            int tenantReceiptsPerSecond,
            int pollsPerTenSeconds) {
        this(
                messagesPerSecond,
                messagesPerMinute,
                tenantMessagesPerSecond,
                connectionsPerSecond,
                addressConnectionsPerSecond,
                receiptsPerSecond,
                tenantReceiptsPerSecond,
                pollsPerTenSeconds,
                0,
                0);
    }

    /// What the protocol promises.
    public static final RateConfig DEFAULT = new RateConfig(10, 100, 2_000, 100, 20, 50, 5_000, 100, 64, 65_536);

    /// No limits.
    public static final RateConfig UNLIMITED = new RateConfig(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public RateConfig {
        List<String> errors = new ArrayList<>();
        require(messagesPerSecond, "messagesPerSecond", errors);
        require(messagesPerMinute, "messagesPerMinute", errors);
        require(tenantMessagesPerSecond, "tenantMessagesPerSecond", errors);
        require(connectionsPerSecond, "connectionsPerSecond", errors);
        require(addressConnectionsPerSecond, "addressConnectionsPerSecond", errors);
        require(receiptsPerSecond, "receiptsPerSecond", errors);
        require(tenantReceiptsPerSecond, "tenantReceiptsPerSecond", errors);
        require(pollsPerTenSeconds, "pollsPerTenSeconds", errors);
        require(mebibytesPerDay, "mebibytesPerDay", errors);
        require(tenantMebibytesPerDay, "tenantMebibytesPerDay", errors);
        if (mebibytesPerDay > MEBIBYTES_MAX || tenantMebibytesPerDay > MEBIBYTES_MAX) {
            errors.add("mebibytes in a day must be at most " + MEBIBYTES_MAX);
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    private static void require(int rate, String name, List<String> errors) {
        if (rate < 0) {
            errors.add(name + " must not be negative");
        }
    }
}
