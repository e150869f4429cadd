package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A backup of the log is put back beside state, and clients, that know what came after it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OlderLogIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void nothingOfTheLogThatIsGoneIsShownOrSkipped() throws Exception {
        Path log = milena.data().resolve("kafka");
        Path backup = milena.scratch("backup");
        String talk;
        try (Tenant home = Tenant.ofDefault(milena)) {
            talk = home.direct("alice", "bob");
            sends(home, talk, 5);
        }
        milena.stop();
        copy(log, backup);
        milena.start();

        String lostGroup;
        String lostToken;
        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            sends(home, talk, 5);
            lostGroup = home.group("alice", "bob");
            bob.nextFrame("conversation.created");
            lostToken = tokenNow(bob);
            assertThat(history(home, talk)).isEqualTo(numbers(1, 11));
        }
        milena.stop();
        delete(log);
        copy(backup, log);
        milena.start();

        try (Tenant home = Tenant.ofDefault(milena)) {
            assertThat(history(home, talk)).isEqualTo(numbers(1, 6));
            assertThat(home.rest()
                            .call("GET", "/api/v1/conversations/" + lostGroup, home.tokenOf("alice"), "")
                            .status())
                    .isEqualTo(404);
            assertThat(home.connect("alice", "phone").sends(talk, "again").sequenceNumber())
                    .isEqualTo(7);
            sends(home, talk, 20);
        }
        // The log has grown past the token's place, and there is state of its own.
        milena.stop();
        milena.start();

        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket bob = RawSocket.resuming(milena.port(), home.tokenOf("bob"), lostToken)) {
            assertThat(history(home, talk)).isEqualTo(numbers(1, 27));
            assertThat(bob.nextFrame("connected").at("/payload/resumed").asBoolean())
                    .isFalse();
        }
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static void sends(Tenant home, String talk, int count) throws Exception {
        Device alice = home.connect("alice", "phone");
        for (int i = 0; i < count; i++) {
            alice.sends(talk, "hi");
        }
    }

    private static String tokenNow(RawSocket socket) throws IOException {
        socket.text("{\"type\":\"heartbeat\"}");
        return socket.nextFrame("heartbeat").path("resumeToken").asText();
    }

    private static List<Long> history(Tenant home, String talk) throws IOException, InterruptedException {
        Rest.Answer answer = home.rest()
                .call(
                        "GET",
                        "/api/v1/conversations/" + talk + "/messages?after=0&limit=200",
                        home.tokenOf("alice"),
                        "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.body().path("expired")).isEmpty();
        List<Long> numbers = new ArrayList<>();
        for (JsonNode entry : answer.body().path("messages")) {
            numbers.add(entry.path("sequenceNumber").asLong());
        }
        return numbers.stream().sorted().toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
