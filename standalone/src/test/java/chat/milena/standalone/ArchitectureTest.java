package chat.milena.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import chat.milena.schemas.word.CommandKind;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

/// Which module and package may know which other.
@AnalyzeClasses(packages = "chat.milena", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SCHEMAS = "chat.milena.schemas..";
    private static final String PROTOCOL = "chat.milena.protocol..";
    private static final String CONVERSATION = "chat.milena.conversation..";
    private static final String RUNTIME = "chat.milena.runtime..";
    private static final String HTTP = "chat.milena.runtime.http..";
    private static final String JSON = "chat.milena.runtime.json..";
    private static final String TOKENS = "chat.milena.runtime.token..";
    private static final String STREAMS = "chat.milena.streams..";
    private static final String EPHEMERAL = "chat.milena.ephemeral..";
    private static final String TOPOLOGY = "chat.milena.topology..";
    private static final String GATEWAY = "chat.milena.gateway..";
    private static final String SYNC_API = "chat.milena.syncapi..";
    private static final String BENCH = "chat.milena.bench..";
    private static final String STANDALONE = "chat.milena.standalone..";

    @ArchTest
    static final ArchRule schemasKnowNoOtherModule = noClasses()
            .that()
            .resideInAPackage(SCHEMAS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, CONVERSATION, RUNTIME, STREAMS, EPHEMERAL, TOPOLOGY, GATEWAY, SYNC_API, BENCH, STANDALONE);

    @ArchTest
    static final ArchRule protocolKnowsRecordsOnly = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CONVERSATION,
                    RUNTIME,
                    STREAMS,
                    EPHEMERAL,
                    TOPOLOGY,
                    GATEWAY,
                    SYNC_API,
                    BENCH,
                    STANDALONE,
                    "chat.milena.schemas.topic..",
                    "chat.milena.schemas.wire..",
                    "org.apache.kafka..",
                    "java.net..",
                    "java.nio.file..");

    /// It is pure: whatever it knows, it is given.
    @ArchTest
    static final ArchRule conversationKnowsRecordsAndWordsOnly = noClasses()
            .that()
            .resideInAPackage(CONVERSATION)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            PROTOCOL,
                            RUNTIME,
                            STREAMS,
                            EPHEMERAL,
                            TOPOLOGY,
                            GATEWAY,
                            SYNC_API,
                            BENCH,
                            STANDALONE,
                            "chat.milena.schemas.topic..",
                            "chat.milena.schemas.key..",
                            "chat.milena.schemas.wire..",
                            "org.apache.kafka..",
                            "org.slf4j..",
                            "java.io..",
                            "java.net..",
                            "java.nio.file..",
                            "java.util.concurrent..")
                    .or(type(Clock.class)));

    @ArchTest
    static final ArchRule runtimeKnowsNoService = noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONVERSATION, STREAMS, EPHEMERAL, TOPOLOGY, GATEWAY, SYNC_API, BENCH, STANDALONE);

    @ArchTest
    static final ArchRule streamsKnowNoService = noClasses()
            .that()
            .resideInAPackage(STREAMS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONVERSATION, PROTOCOL, EPHEMERAL, TOPOLOGY, GATEWAY, SYNC_API, BENCH, STANDALONE);

    @ArchTest
    static final ArchRule ephemeralStateKnowsNoService = noClasses()
            .that()
            .resideInAPackage(EPHEMERAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONVERSATION, STREAMS, TOPOLOGY, GATEWAY, SYNC_API, BENCH, STANDALONE);

    @ArchTest
    static final ArchRule topologyKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(TOPOLOGY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, SYNC_API, BENCH, STANDALONE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule gatewayKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STREAMS, TOPOLOGY, SYNC_API, BENCH, STANDALONE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule syncApiKnowsNoOtherService = noClasses()
            .that()
            .resideInAPackage(SYNC_API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TOPOLOGY, GATEWAY, BENCH, STANDALONE);

    /// Behind its reader, a command is a type: a kind that somebody asks once more is a place to forget.
    @ArchTest
    static final ArchRule kindOfACommandIsReadInOnePlace = noClasses()
            .that()
            .resideInAnyPackage(CONVERSATION, TOPOLOGY)
            .and()
            .doNotHaveSimpleName("CommandReader")
            .and()
            // What its switch is compiled to.
            .haveNameNotMatching(".*CommandReader[$]\\d+")
            .should()
            .dependOnClassesThat(type(CommandKind.class));

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("chat.milena.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyEdgesKnowTheirServer = noClasses()
            .that()
            .resideOutsideOfPackages(GATEWAY, SYNC_API, HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule onlyEdgesKnowJson = noClasses()
            .that()
            .resideOutsideOfPackages(EPHEMERAL, GATEWAY, SYNC_API, BENCH, PROTOCOL, HTTP, JSON, TOKENS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule onlyEphemeralStateKnowsRedis = noClasses()
            .that()
            .resideOutsideOfPackages(EPHEMERAL, STANDALONE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("redis.clients..");

    @ArchTest
    static final ArchRule onlyStandaloneKnowsTheBroker = noClasses()
            .that()
            .resideOutsideOfPackage(STANDALONE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..");

    @ArchTest
    static final ArchRule rulesDecideAndDoNothingElse = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .or()
            .haveSimpleNameEndingWith("Policy")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.slf4j..",
                            "org.apache.kafka..",
                            "java.io..",
                            "java.net..",
                            "java.nio.file..",
                            "java.util.concurrent..")
                    .or(type(Clock.class)))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes = classes()
            .that()
            .resideInAPackage("chat.milena..")
            .should()
            .haveNameNotMatching(".*(Util|Utils|Manager|Helper|Impl|Base|Common)");
}
