package chat.milena.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.query.SyncApis;
import chat.milena.gateway.query.SyncApisConfig;
import chat.milena.push.classify.Classification;
import chat.milena.schemas.word.CommandKind;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.time.Clock;

/// Which module and package may know which other.
@AnalyzeClasses(packages = "chat.milena", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SCHEMAS = "chat.milena.schemas..";
    private static final String PROTOCOL = "chat.milena.protocol..";
    private static final String CONVERSATION = "chat.milena.conversation..";
    private static final String RUNTIME = "chat.milena.runtime..";
    private static final String HTTP = "chat.milena.runtime.http..";
    private static final String TOKENS = "chat.milena.runtime.token..";
    private static final String TEST_SUPPORT = "chat.milena.testsupport..";
    private static final String REGISTRY = "chat.milena.runtime.schema..";
    private static final String STREAMS = "chat.milena.streams..";
    private static final String EPHEMERAL = "chat.milena.ephemeral..";
    private static final String TOPOLOGY = "chat.milena.topology..";
    private static final String PUSH = "chat.milena.push..";
    private static final String GATEWAY = "chat.milena.gateway..";
    private static final String SYNC_API = "chat.milena.syncapi..";
    private static final String BENCH = "chat.milena.bench..";
    private static final String STANDALONE = "chat.milena.standalone..";

    /// What each module may know of the others; `bench` knows the public protocol alone, as a client of any
    /// language does. No service knows another.
    @ArchTest
    static final ArchRule modulesDependOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("schemas")
            .definedBy(SCHEMAS)
            .layer("protocol")
            .definedBy(PROTOCOL)
            .layer("conversation")
            .definedBy(CONVERSATION)
            .layer("runtime")
            .definedBy(RUNTIME)
            .layer("streams")
            .definedBy(STREAMS)
            .layer("ephemeral")
            .definedBy(EPHEMERAL)
            .layer("topology")
            .definedBy(TOPOLOGY)
            .layer("push-worker")
            .definedBy(PUSH)
            .layer("gateway")
            .definedBy(GATEWAY)
            .layer("sync-api")
            .definedBy(SYNC_API)
            .layer("bench")
            .definedBy(BENCH)
            .layer("standalone")
            .definedBy(STANDALONE)
            .whereLayer("schemas")
            .mayNotAccessAnyLayer()
            .whereLayer("protocol")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("conversation")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("runtime")
            .mayOnlyAccessLayers("schemas", "protocol")
            .whereLayer("streams")
            .mayOnlyAccessLayers("schemas", "runtime")
            .whereLayer("ephemeral")
            .mayOnlyAccessLayers("schemas", "protocol", "runtime")
            .whereLayer("topology")
            .mayOnlyAccessLayers("schemas", "conversation", "runtime", "streams")
            .whereLayer("push-worker")
            .mayOnlyAccessLayers("schemas", "protocol", "runtime", "streams", "ephemeral")
            .whereLayer("gateway")
            .mayOnlyAccessLayers("schemas", "protocol", "conversation", "runtime", "ephemeral")
            .whereLayer("sync-api")
            .mayOnlyAccessLayers("schemas", "protocol", "conversation", "runtime", "streams")
            .whereLayer("bench")
            .mayNotAccessAnyLayer()
            .whereLayer("bench")
            .mayNotBeAccessedByAnyLayer();

    /// Nothing in a service's packages knows what puts them together.
    @ArchTest
    static final ArchRule compositionIsKnownToNobodyBelow = noClasses()
            .that()
            .resideInAnyPackage(
                    "chat.milena.gateway.*..",
                    "chat.milena.syncapi.*..",
                    "chat.milena.topology.*..",
                    "chat.milena.push.*..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "chat.milena.gateway", "chat.milena.syncapi", "chat.milena.topology", "chat.milena.push");

    /// A service reads its settings where it is put together, and a command only lists what that gives. The others
    /// here join two services.
    @ArchTest
    static final ArchRule commandsKnowServicesByWhatPutsThemTogether = noClasses()
            .that()
            .resideInAPackage("chat.milena.standalone.service..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "chat.milena.gateway.*..",
                            "chat.milena.syncapi.*..",
                            "chat.milena.topology.*..",
                            "chat.milena.push.*..")
                    .and(not(belongToAnyOf(
                            PushSetup.class, SyncApis.class, SyncApisConfig.class, Classification.class))));

    /// Push and the classifiers of tenants share it.
    @ArchTest
    static final ArchRule courierKnowsNothingOfChat = noClasses()
            .that()
            .resideInAPackage("chat.milena.push.courier..")
            .should()
            .dependOnClassesThat(resideInAPackage("chat.milena..")
                    .and(not(resideInAnyPackage("chat.milena.push.courier..", "chat.milena.runtime.."))));

    @ArchTest
    static final ArchRule protocolKnowsRecordsOnly = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "chat.milena.schemas.topic..",
                            "chat.milena.schemas.wire..",
                            "org.apache.kafka..",
                            "java.net..",
                            "java.nio.file..")
                    // They only read how an address is written.
                    .and(not(belongToAnyOf(
                            IDN.class,
                            InetAddress.class,
                            Inet6Address.class,
                            URLDecoder.class,
                            UnknownHostException.class))));

    /// It is pure: whatever it knows, it is given.
    @ArchTest
    static final ArchRule conversationKnowsRecordsAndWordsOnly = noClasses()
            .that()
            .resideInAPackage(CONVERSATION)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
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

    /// Behind the reader of its log, a command is a type: a second place that reads kinds would be forgotten.
    @ArchTest
    static final ArchRule kindOfACommandIsReadInOnePlace = noClasses()
            .that()
            .resideInAnyPackage(CONVERSATION, TOPOLOGY)
            .and()
            .doNotHaveSimpleName("CommandReader")
            .and()
            .doNotHaveSimpleName("UserCommandReader")
            .and()
            // They read no kind, but make commands that are sent on.
            .doNotHaveSimpleName("UserOutput")
            .and()
            .doNotHaveSimpleName("FoundCommands")
            .and()
            .doNotHaveSimpleName("ReportWriter")
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
            .resideOutsideOfPackages(
                    EPHEMERAL, GATEWAY, SYNC_API, PUSH, BENCH, PROTOCOL, HTTP, TOKENS, REGISTRY, TEST_SUPPORT)
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

    /// What has more parts has some that belong together: those are a record of their own. Rows of a report and what a
    /// client sees are as flat as the JSON that they are written as.
    @ArchTest
    static final ArchRule constructorsHaveFewParameters = constructors()
            .that()
            .areDeclaredInClassesThat(resideOutsideOfPackages("chat.milena.schemas.avro..", PROTOCOL)
                    .and(not(resideInAPackage(BENCH)
                            .and(nameMatching(".*(Result|Report|Step|Settings|Options|GroupPlayer)")))))
            .should(have(atMostEightParameters()));

    private static DescribedPredicate<JavaConstructor> atMostEightParameters() {
        return describe(
                "at most 8 parameters",
                constructor -> constructor.getRawParameterTypes().size() <= 8);
    }

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes = classes()
            .that()
            .resideInAPackage("chat.milena..")
            .should()
            .haveNameNotMatching(".*(Util|Utils|Manager|Helper|Impl|Base|Common)");
}
