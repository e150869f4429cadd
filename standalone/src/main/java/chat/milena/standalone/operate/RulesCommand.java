package chat.milena.standalone.operate;

import chat.milena.conversation.judge.Finding;
import chat.milena.conversation.judge.InvalidRulesException;
import chat.milena.conversation.judge.JudgedContent;
import chat.milena.conversation.judge.Ruleset;
import chat.milena.protocol.call.RulesBody;
import chat.milena.push.classify.ClassifierTrial;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Settings;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.id.Ids;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.topology.moderation.RuleOperations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moderation rules`: shows, tries and changes the rules of a tenant, while everything runs.
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Shows, tries and changes the rules by which the messages of a tenant are judged: of `up` on a"
                + " data folder, or of a cluster at --url or MILENA_KAFKA_BOOTSTRAP_SERVERS.")
public final class RulesCommand {
    private static final String BOOTSTRAP = "MILENA_KAFKA_BOOTSTRAP_SERVERS";
    private static final String KAFKA = "kafka://";

    private final CommandContext context;

    public RulesCommand(CommandContext context) {
        this.context = context;
    }

    /// Whose rules, and where they are.
    static final class Place {
        @Option(
                names = "--url",
                paramLabel = "URL",
                description =
                        "The brokers, such as kafka://HOST:PORT, in place of" + " MILENA_KAFKA_BOOTSTRAP_SERVERS.")
        private @Nullable String url;

        @Option(
                names = "--tenant",
                paramLabel = "T",
                defaultValue = Ids.DEFAULT_TENANT,
                description = "The tenant (default: default).")
        private String tenant = Ids.DEFAULT_TENANT;

        @Mixin
        private LogOption log = new LogOption();
    }

    /// `moderation rules put`.
    @Command(
            name = "put",
            mixinStandardHelpOptions = true,
            description =
                    "Replaces the rules of the tenant, without a restart. Messages from one second later on are judged by"
                            + " them; this returns then. Rules that cannot be applied change nothing.")
    int put(@Parameters(paramLabel = "FILE", description = "The rules as JSON.") Path file, @Mixin Place place)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        ModerationRuleset rules = read(file).rules();
        RuleOperations operations = operations(place);
        RuleOperations.Put put = LogOption.asked(() -> operations.put(place.tenant, rules));
        say("version " + put.version());
        if (put.freshSecret() != null) {
            say("the classifier verifies questions by this secret, which is not shown again: " + put.freshSecret());
        }
        return 0;
    }

    /// `moderation rules test`.
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Checks rules and changes nothing. With --text prints the rules that a message with this text"
                    + " breaks, one a line: action, kind, name. Rules about senders need more than a text. A classifier"
                    + " is only named, unless --ask is given.")
    int test(
            @Parameters(paramLabel = "FILE", description = "The rules as JSON.") Path file,
            @Mixin Trial trial,
            @Mixin Place place)
            throws IOException {
        Checked checked = read(file);
        if (trial.text == null && trial.mediaUrl == null) {
            say("the rules can be applied");
            return 0;
        }
        List<Finding> findings = checked.ruleset().judge(JudgedContent.of(trial.text, trial.mediaUrl));
        findings.forEach(finding ->
                say(String.join("  ", finding.action().word(), finding.kind().word(), finding.rule())));
        if (findings.isEmpty()) {
            say("no rule is broken");
        }
        ModerationClassifier classifier = checked.rules().getClassifier();
        if (classifier != null) {
            say(
                    trial.ask
                            ? ClassifierTrial.ask(classifier, trial.text, trial.mediaUrl, webhooks(), context.clock())
                            : "the classifier at " + classifier.getUrl() + " would be asked");
        }
        return 0;
    }

    /// The message that rules are tried on.
    static final class Trial {
        @Option(names = "--text", paramLabel = "T", description = "The text of a message.")
        private @Nullable String text;

        @Option(names = "--media-url", paramLabel = "URL", description = "The media URL of a message.")
        private @Nullable String mediaUrl;

        @Option(
                names = "--ask",
                description = "Asks the classifier, signed if the file has its secret, and prints its answer.")
        private boolean ask;
    }

    /// The addresses that classifiers may have, by the settings of this command.
    private OutsideEndpoints webhooks() throws IOException {
        Settings settings = Settings.ofEnvironment(context.environment());
        OutsideEndpoints endpoints = OutsideEndpoints.ofWebhooks(settings);
        if (!settings.errors().isEmpty()) {
            throw new IOException(settings.errors().getFirst());
        }
        return endpoints;
    }

    /// `moderation rules show`.
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the rules of the tenant as JSON, with their version; version 0 if it never had any.")
    int show(@Mixin Place place)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        RuleOperations operations = operations(place);
        ModerationRuleset rules = LogOption.asked(() -> operations.show(place.tenant));
        ModerationRuleset shown =
                rules == null ? new ModerationRuleset(0L, Instant.EPOCH, List.of(), List.of(), null, null) : rules;
        say(new String(RulesBody.write(shown), StandardCharsets.UTF_8));
        return 0;
    }

    private record Checked(ModerationRuleset rules, Ruleset ruleset) {}

    private Checked read(Path file) throws IOException {
        ModerationRuleset rules = switch (RulesBody.read(bytes(file))) {
            case RulesBody.Reading.Rules read -> read.rules();
            case RulesBody.Reading.Faulty faulty -> throw new IOException(faulty.reason());
        };
        if (rules.getClassifier() != null) {
            String problem = webhooks().problem(rules.getClassifier().getUrl());
            if (problem != null) {
                throw new IOException("classifier.url: " + problem + ", or an origin in MILENA_WEBHOOK_ALLOW");
            }
        }
        try {
            return new Checked(rules, Ruleset.of(rules));
        } catch (InvalidRulesException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Reads one byte more than rules may have, so that a larger file is noticed.
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(RulesBody.BYTES_MAX + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    private RuleOperations operations(Place place)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        if (!Ids.isValid(place.tenant)) {
            throw new IOException("--tenant must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        CommandContext at = context;
        if (place.url != null) {
            Map<String, String> variables = new HashMap<>(context.environment());
            variables.put(BOOTSTRAP, place.url.startsWith(KAFKA) ? place.url.substring(KAFKA.length()) : place.url);
            at = new CommandContext(variables, context.out(), context.err(), context.clock());
        }
        LogOption.Log log = place.log.log(at);
        return new RuleOperations(log.topics(), log.clients(), context.clock());
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
