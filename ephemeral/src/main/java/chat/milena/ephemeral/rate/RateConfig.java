package chat.milena.ephemeral.rate;

import chat.milena.runtime.config.Settings;

/// The rates of all actions. Each rate is a token bucket as deep as one period's worth, and 0 is no limit.
/// Immutable.
public record RateConfig(Messages messages, Receipts receipts, Clients clients, Written written) {
    private static final int RATE_MAX = 1_000_000;

    /// More than any log takes in a day; in KiB it still fits.
    private static final int MEBIBYTES_MAX = 1_000_000;

    /// The defaults that the protocol documents.
    public static final RateConfig DEFAULT = new RateConfig(
            new Messages(10, 100, 2_000), new Receipts(50, 5_000), new Clients(100, 20, 100), new Written(64, 65_536));

    /// No limits.
    public static final RateConfig UNLIMITED =
            new RateConfig(new Messages(0, 0, 0), new Receipts(0, 0), new Clients(0, 0, 0), new Written(0, 0));

    /// Reads the settings, and notes errors there.
    public static RateConfig of(Settings settings) {
        return new RateConfig(Messages.of(settings), Receipts.of(settings), Clients.of(settings), Written.of(settings));
    }

    /// The same with these rates of messages.
    public RateConfig with(Messages other) {
        return new RateConfig(other, receipts, clients, written);
    }

    /// The same with these rates of receipts.
    public RateConfig with(Receipts other) {
        return new RateConfig(messages, other, clients, written);
    }

    /// The same with these rates of clients.
    public RateConfig with(Clients other) {
        return new RateConfig(messages, receipts, other, written);
    }

    /// The same with these bounds on written bytes.
    public RateConfig with(Written other) {
        return new RateConfig(messages, receipts, clients, other);
    }

    /// Rates of all commands except receipts.
    ///
    /// @param perSecond commands of one user, over all connections
    /// @param perMinute the same, over a minute
    /// @param tenantPerSecond commands of all users of one tenant
    public record Messages(int perSecond, int perMinute, int tenantPerSecond) {
        public Messages {
            require(perSecond, perMinute, tenantPerSecond);
        }

        private static Messages of(Settings settings) {
            Messages usual = DEFAULT.messages;
            return new Messages(
                    rate(settings, "MILENA_RATE_MESSAGES_PER_SECOND", usual.perSecond),
                    rate(settings, "MILENA_RATE_MESSAGES_PER_MINUTE", usual.perMinute),
                    rate(settings, "MILENA_RATE_TENANT_MESSAGES_PER_SECOND", usual.tenantPerSecond));
        }
    }

    /// Rates of receipts.
    ///
    /// @param perSecond commands from one user's receipts, over all connections
    /// @param tenantPerSecond the same for all users of one tenant
    public record Receipts(int perSecond, int tenantPerSecond) {
        public Receipts {
            require(perSecond, tenantPerSecond);
        }

        private static Receipts of(Settings settings) {
            Receipts usual = DEFAULT.receipts;
            return new Receipts(
                    rate(settings, "MILENA_RATE_RECEIPTS_PER_SECOND", usual.perSecond),
                    rate(settings, "MILENA_RATE_TENANT_RECEIPTS_PER_SECOND", usual.tenantPerSecond));
        }
    }

    /// Rates of new connections and polls.
    ///
    /// @param perSecond new connections
    /// @param addressPerSecond new connections from one address
    /// @param pollsPerTenSeconds long polls of one user in ten seconds
    public record Clients(int perSecond, int addressPerSecond, int pollsPerTenSeconds) {
        public Clients {
            require(perSecond, addressPerSecond, pollsPerTenSeconds);
        }

        private static Clients of(Settings settings) {
            Clients usual = DEFAULT.clients;
            return new Clients(
                    rate(settings, "MILENA_RATE_CONNECTIONS_PER_SECOND", usual.perSecond),
                    rate(settings, "MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", usual.addressPerSecond),
                    rate(settings, "MILENA_RATE_POLLS", usual.pollsPerTenSeconds));
        }
    }

    /// Bounds on what is written to the log in a day.
    ///
    /// @param mebibytesPerDay by commands of one user; receipts may write as much again
    /// @param tenantMebibytesPerDay the same for all users of one tenant
    public record Written(int mebibytesPerDay, int tenantMebibytesPerDay) {
        public Written {
            require(mebibytesPerDay, tenantMebibytesPerDay);
            if (mebibytesPerDay > MEBIBYTES_MAX || tenantMebibytesPerDay > MEBIBYTES_MAX) {
                throw new IllegalArgumentException("mebibytes in a day must be at most " + MEBIBYTES_MAX);
            }
        }

        private static Written of(Settings settings) {
            Written usual = DEFAULT.written;
            return new Written(
                    settings.integer("MILENA_RATE_MEBIBYTES_PER_DAY", usual.mebibytesPerDay, 0, MEBIBYTES_MAX),
                    settings.integer(
                            "MILENA_RATE_TENANT_MEBIBYTES_PER_DAY", usual.tenantMebibytesPerDay, 0, MEBIBYTES_MAX));
        }
    }

    private static int rate(Settings settings, String name, int usual) {
        return settings.integer(name, usual, 0, RATE_MAX);
    }

    private static void require(int... rates) {
        for (int rate : rates) {
            if (rate < 0) {
                throw new IllegalArgumentException("a rate must not be negative");
            }
        }
    }
}
