package chat.milena.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProgramsTest {
    @TempDir
    Path checkout;

    @Test
    void programsOfACheckoutAreThoseThatItsLauncherStarts() throws Exception {
        Path built = Files.createDirectories(checkout.resolve("standalone/target"));
        Path lib = Files.createDirectory(built.resolve("lib"));
        Path own = Files.createFile(built.resolve("milena-standalone-1.jar"));
        Files.createFile(built.resolve("build.log"));
        Path second = Files.createFile(lib.resolve("second.jar"));
        Path first = Files.createFile(lib.resolve("first.jar"));

        assertThat(ServerPrograms.ofCheckout(checkout).classPath())
                .containsExactly(own.toString(), first.toString(), second.toString());
    }

    @Test
    void checkoutThatIsNotBuiltIsRejected() {
        assertThatThrownBy(() -> ServerPrograms.ofCheckout(checkout))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("build them");
    }
}
