package chat.milena.standalone.operate;

import chat.milena.gateway.device.PushSetup;
import chat.milena.push.send.PushOperations;
import chat.milena.push.send.PushOperations.Outcome;
import chat.milena.push.send.PushOperations.Refused;
import chat.milena.push.send.PushRekeying;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.PushOutcome;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolderException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `push`: tries push of a running system, sends again what was refused, and rotates the keys of registrations.
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description =
                "Tries push of a running system, sends again what was refused, and rotates the keys of registrations: of"
                        + " `up` on a data folder, or of a cluster at MILENA_KAFKA_BOOTSTRAP_SERVERS.")
public final class PushCommand {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration REKEYED_WITHIN = Duration.ofMinutes(2);
    private static final Duration KEPT = Duration.ofDays(2);
    private static final int NOT_REACHED = 1;

    private final CommandContext context;

    public PushCommand(CommandContext context) {
        this.context = context;
    }

    /// `push test`.
    ///
    /// @return 1 if a device was not reached, or none is registered
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Sends a notification to each registered device of a user, and prints what the provider says."
                    + " Mutes, quiet hours and open connections do not matter.")
    int test(
            @Parameters(paramLabel = "USER", description = "The user's id.") String userId,
            @Option(
                            names = "--tenant",
                            paramLabel = "TENANT",
                            defaultValue = "default",
                            description = "The user's tenant (default: default).")
                    String tenant,
            @Mixin LogOption log)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        if (!Ids.isValidUser(userId) || !Ids.isValid(tenant)) {
            throw new IOException("USER and --tenant must be ids");
        }
        PushOperations operations = operations(log);
        List<Outcome> outcomes = LogOption.asked(() -> operations.test(new UserKey(tenant, userId), WITHIN));
        outcomes.forEach(outcome -> say(outcome.deviceId() + "  " + outcome.platform() + "  " + outcome.outcome()));
        if (outcomes.isEmpty()) {
            say("no device of " + userId + " is registered");
        }
        boolean isReached = !outcomes.isEmpty()
                && outcomes.stream().allMatch(outcome -> PushOutcome.ACCEPTED.is(outcome.outcome()));
        return isReached ? 0 : NOT_REACHED;
    }

    /// `push refused`.
    @Command(
            name = "refused",
            mixinStandardHelpOptions = true,
            description = "Prints the pushes that providers refused for good, with the reason; with --resend sends"
                    + " them again. They are kept for two days.")
    int refused(
            @Option(
                            names = "--within",
                            paramLabel = "DURATION",
                            defaultValue = "1h",
                            description = "How far back (default: 1h).")
                    String within,
            @Option(names = "--resend", description = "Sends them again.") boolean resends,
            @Mixin LogOption log)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        Settings options = Settings.ofOptions(Map.of("--within", within));
        Duration span = options.duration("--within", Duration.ofHours(1), Duration.ofSeconds(1), KEPT);
        options.check();
        Instant since = context.clock().instant().minus(span);
        PushOperations operations = operations(log);
        List<Refused> refused = LogOption.asked(() -> operations.refused(since));
        refused.forEach(push -> say(line(push)));
        if (resends) {
            say(LogOption.asked(() -> operations.resend(refused)) + " are sent again");
        } else if (refused.isEmpty()) {
            say("no push was refused");
        }
        return 0;
    }

    private static String line(Refused push) {
        return String.join(
                "  ",
                push.result().getTimestamp().toString(),
                push.result().getTenant(),
                push.result().getUserId(),
                push.result().getDeviceId(),
                push.result().getPlatform(),
                push.reason());
    }

    /// `push rekey`.
    ///
    /// @return 1 if not all registrations have the first key afterwards
    @Command(
            name = "rekey",
            mixinStandardHelpOptions = true,
            description = "Encrypts all registrations with the first key of MILENA_PUSH_KEYS_FILE, after a new first"
                    + " line was added and the processes were started again. It may be stopped and run again.")
    int rekey(@Mixin LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        LogOption.Log log = option.log(context);
        Settings environment = context.settings();
        PushKeys keys = PushSetup.keys(environment, option.usualKeys(context));
        environment.check();
        if (keys == null) {
            throw new IOException("MILENA_PUSH_KEYS_FILE and MILENA_PUSH_INDEX_KEY_FILE must be set");
        }
        PushRekeying.Outcome outcome = LogOption.asked(
                () -> new PushRekeying(log.topics(), log.clients(), keys, context.clock()).run(REKEYED_WITHIN));
        PushRekeying.Counts after = outcome.after();
        say(outcome.before().older() - after.older() + " registrations are encrypted again; " + after.first()
                + " have the first key");
        if (after.older() > 0) {
            say(after.older() + " still have an older key: is a sequencer running? Run it again");
        }
        if (after.unknown() > 0) {
            say(after.unknown() + " cannot be decrypted, so their devices are not reached until they register again:"
                    + " their keys are not in the file");
        }
        return after.older() + after.unknown() > 0 ? NOT_REACHED : 0;
    }

    private PushOperations operations(LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        LogOption.Log log = option.log(context);
        return new PushOperations(log.topics(), log.clients(), context.clock());
    }

    private void say(String line) {
        context.out().println(line);
    }
}
