package chat.milena.standalone.operate;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.kafka.TopicCheck;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.TopicRemake;
import chat.milena.runtime.kafka.TopicSizing;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.DataOption;
import chat.milena.topology.InstalledTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `topics`: plans, makes, compares and repairs topics. On a stopped data folder it runs the broker for the time; if
/// `MILENA_KAFKA_BOOTSTRAP_SERVERS` is set it asks the brokers there.
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Plans, makes, compares and repairs the topics. The sizes of those of a cluster are set by"
                + " MILENA_SIZING (small or cluster), or each by its own setting.",
        footer = "The system of a data folder must be stopped. The topics of a running system are reached at"
                + " MILENA_KAFKA_BOOTSTRAP_SERVERS, with --data for its broker's password.")
public final class TopicsCommand {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int DIFFERENT = 1;
    private static final String MAKER = "topics";
    private static final String MATCH = "the topics match their specification";

    private final CommandContext context;

    public TopicsCommand(CommandContext context) {
        this.context = context;
    }

    /// `topics plan`.
    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = "Prints the topics that `create` makes on a cluster, one a line. Asks no broker.")
    int plan() throws InvalidSettingsException {
        Settings environment = context.settings();
        TopicCatalogue catalogue = ofCluster(environment).catalogue();
        environment.check();
        catalogue.all().forEach(topic -> say(line(topic)));
        return 0;
    }

    /// `topics create`.
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes the missing topics of a cluster, and changes settings that may be changed at any time."
                    + " Refuses if existing topics differ in anything else. Registers their schemas, if"
                    + " MILENA_SCHEMA_REGISTRY_URL is set.")
    int create() throws InvalidSettingsException, TopicException, InterruptedException, IOException {
        Settings environment = context.settings();
        InstalledTopics topics = ofCluster(environment);
        KafkaClients clients = KafkaClients.of(environment);
        SchemaSource schemas = SchemaSource.of(environment);
        environment.check();
        schemas.register();
        try (Admin admin = Admin.create(clients.admin())) {
            Topics.provision(all(topics, admin), admin, WITHIN);
            TopicSpec<?, ?> any = topics.catalogue().deliveries();
            new LogStarts(clients, WITHIN).make(admin, any.replicationFactor(), any.minInsyncReplicas());
            Topics.awaitUsable(Set.of(LogStarts.TOPIC), admin, WITHIN);
            return report(settled(topics, admin));
        }
    }

    /// Each broker learns of new topics a moment later, and any of them may be asked.
    private static TopicCheck settled(InstalledTopics topics, Admin admin) throws TopicException, InterruptedException {
        long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
        TopicCheck check = topics.check(TopicAccess.NONE, admin, WITHIN);
        while (!check.faults().isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN);
            check = topics.check(TopicAccess.NONE, admin, WITHIN);
        }
        return check;
    }

    /// `topics check`.
    ///
    /// @return 1 if something differs
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Prints each difference in one line, and exits with 1 if there is one. Changes nothing.")
    int check(
            @Mixin DataOption data,
            @Option(
                            names = "--for",
                            paramLabel = "SERVICE",
                            description = "Also checks that this login may do what the service or command does: "
                                    + NamedAccess.NAMES + ".")
                    @Nullable
                    String service)
            throws InvalidSettingsException, DataFolderException, BrokerException, TopicException, InterruptedException,
                    IOException {
        Settings environment = context.settings();
        if (context.namesBrokers() && !data.isGiven()) {
            InstalledTopics topics = ofCluster(environment);
            TopicAccess access = access(service, topics.catalogue(), environment);
            try (Admin admin = cluster(environment, data)) {
                return report(topics, access, admin);
            }
        }
        InstalledTopics topics = topics(environment);
        if (context.namesBrokers()) {
            try (Admin admin = cluster(environment, data)) {
                return report(topics, admin);
            }
        }
        try (StoppedSystem stopped = stopped(environment, data)) {
            return stopped.onBroker((clients, admin) -> report(topics, admin));
        }
    }

    /// `topics acls`.
    @Command(
            name = "acls",
            mixinStandardHelpOptions = true,
            description =
                    "Prints the permissions of a service or of an operator's command at the brokers, and no other,"
                            + " as options of Kafka's kafka-acls, one a line. Asks no broker.")
    int acls(
            @Option(
                            names = "--for",
                            required = true,
                            paramLabel = "SERVICE",
                            description = NamedAccess.NAMES + "; or topics for `topics create`.")
                    String service,
            @Option(
                            names = "--user",
                            paramLabel = "USER",
                            description = "The name by which the brokers know it (default: that of the service).")
                    @Nullable
                    String user)
            throws InvalidSettingsException {
        Settings environment = context.settings();
        TopicCatalogue catalogue = ofCluster(environment).catalogue();
        String name = user == null ? service : user;
        List<AclBinding> all = service.equals(MAKER)
                ? TopicAccess.permissionsToCreate(name)
                : access(service, catalogue, environment).permissions(name);
        environment.check();
        all.forEach(binding -> say(line(binding)));
        return 0;
    }

    private static String line(AclBinding binding) {
        String type = binding.pattern()
                .resourceType()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        String pattern =
                binding.pattern().patternType() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "";
        return "--add --allow-principal " + binding.entry().principal() + " --operation "
                + shown(binding.entry().operation()) + " --" + type + " "
                + binding.pattern().name() + pattern;
    }

    /// As Kafka's tool spells it, such as `DescribeConfigs`.
    private static String shown(AclOperation operation) {
        return Stream.of(operation.toString().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /// `topics repair`.
    ///
    /// @return 1 if something still differs
    @Command(
            name = "repair",
            mixinStandardHelpOptions = true,
            description = "Restores settings and, in a stopped data folder, removes partitions that were added. No"
                    + " record is lost.")
    int repair(@Mixin DataOption data)
            throws InvalidSettingsException, DataFolderException, BrokerException, TopicException, InterruptedException,
                    IOException {
        Settings environment = context.settings();
        InstalledTopics topics = topics(environment);
        if (context.namesBrokers()) {
            try (Admin admin = cluster(environment, data)) {
                putBack(topics, admin);
                return report(topics, admin);
            }
        }
        try (StoppedSystem stopped = stopped(environment, data)) {
            boolean copied = stopped.onBroker((clients, admin) -> {
                putBack(topics, admin);
                return remake(topics, clients, admin).copyOut();
            });
            if (copied) {
                stopped.onBroker((clients, admin) -> {
                    remake(topics, clients, admin)
                            .remake()
                            .forEach(name -> say(name + " was created again, with its specified partitions"));
                    return true;
                });
                stopped.onBroker((clients, admin) -> {
                    remake(topics, clients, admin).deleteCopies();
                    return true;
                });
            }
            return stopped.onBroker((clients, admin) -> report(topics, admin));
        }
    }

    private static InstalledTopics topics(Settings environment) {
        return new InstalledTopics(new TopicCatalogue(TopicSizing.ofOneMachine(environment), ShippedSchemas.load()));
    }

    private static InstalledTopics ofCluster(Settings environment) {
        return new InstalledTopics(new TopicCatalogue(TopicSizing.ofCluster(environment), ShippedSchemas.load()));
    }

    private static TopicAccess access(@Nullable String user, TopicCatalogue topics, Settings environment) {
        if (user == null) {
            return TopicAccess.NONE;
        }
        TopicAccess access = NamedAccess.of(user, topics);
        if (access == null) {
            environment.refuse("--for must be " + NamedAccess.NAMES);
            return TopicAccess.NONE;
        }
        return access;
    }

    private StoppedSystem stopped(Settings environment, DataOption data)
            throws InvalidSettingsException, DataFolderException {
        Path path = data.folder(environment);
        environment.check();
        return new StoppedSystem(DataFolder.existing(path), environment);
    }

    private Admin cluster(Settings environment, DataOption data) throws InvalidSettingsException, DataFolderException {
        Map<String, String> login = data.isGiven()
                ? new BrokerLogin(DataFolder.existing(data.folder(environment)).kafkaPassword()).clientProperties()
                : Map.of();
        KafkaClients clients = KafkaClients.ofCluster(environment, login);
        environment.check();
        return Admin.create(clients.admin());
    }

    private static List<TopicSpec<?, ?>> all(InstalledTopics topics, Admin admin)
            throws TopicException, InterruptedException {
        return topics.all(Topics.names(admin, WITHIN));
    }

    private static TopicRemake remake(InstalledTopics topics, KafkaClients clients, Admin admin)
            throws TopicException, InterruptedException {
        return new TopicRemake(all(topics, admin), topics::isWitness, topics::moved, clients, admin, WITHIN);
    }

    private void putBack(InstalledTopics topics, Admin admin) throws TopicException, InterruptedException {
        Topics.putBack(all(topics, admin), admin, WITHIN).forEach(this::say);
    }

    private int report(InstalledTopics topics, TopicAccess access, Admin admin)
            throws TopicException, InterruptedException {
        return report(topics.check(access, admin, WITHIN));
    }

    private int report(TopicCheck check) {
        check.faults().forEach(this::say);
        check.changes().forEach(change -> say(change + "; `milena topics create` changes it"));
        boolean match = check.faults().isEmpty() && check.changes().isEmpty();
        if (match) {
            say(MATCH);
        }
        return match ? 0 : DIFFERENT;
    }

    private int report(InstalledTopics topics, Admin admin) throws TopicException, InterruptedException {
        List<String> differences = Topics.differences(all(topics, admin), admin, WITHIN);
        differences.forEach(this::say);
        if (differences.isEmpty()) {
            say(MATCH);
        }
        return differences.isEmpty() ? 0 : DIFFERENT;
    }

    private static String line(TopicSpec<?, ?> topic) {
        return String.format(
                Locale.ROOT,
                "%-24s partitions=%d replication=%d min.insync=%d cleanup=%s retention=%s",
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.minInsyncReplicas(),
                topic.cleanup().policy(),
                shown(topic.retention()));
    }

    private static String shown(@Nullable Duration retention) {
        if (retention == null || retention.isNegative()) {
            return "unlimited";
        }
        return retention.toHours() % 24 == 0 ? retention.toDays() + "d" : retention.toHours() + "h";
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
