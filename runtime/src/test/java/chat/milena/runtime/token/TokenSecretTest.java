package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
    @TempDir
    Path folder;

    @Test
    void secretIsMadeOnceForItsOwnerOnly() throws IOException {
        Path file = folder.resolve("token.secret");

        TokenSecret first = TokenSecret.loadOrCreate(file);

        assertThat(TokenSecret.loadOrCreate(file).key()).isEqualTo(first.key()).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file).strip()).matches("[A-Za-z0-9_-]{43}");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void manyAtOnceGetTheSame() throws Exception {
        Path file = folder.resolve("token.secret");
        Callable<String> load = () -> TokenSecret.loadOrCreate(file).toBase64Url();

        try (var threads = Executors.newFixedThreadPool(8)) {
            var secrets =
                    threads.invokeAll(IntStream.range(0, 32).mapToObj(i -> load).toList());
            String first = secrets.getFirst().get();
            for (var secret : secrets) {
                assertThat(secret.get()).isEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "short", "not base64url at all, but long enough to be one!", "AAAAAAAAAAAAAAAAAAAAAAAA"})
    void fileWithSomethingElseIsRefusedAndKept(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("token.secret"), content);

        assertThatThrownBy(() -> TokenSecret.loadOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("does not hold a token secret")
                .satisfies(e -> assertThat(content.isEmpty()
                                || !String.valueOf(e.getMessage()).contains(content))
                        .isTrue());
        assertThat(file).hasContent(content);
    }

    @Test
    void binaryAndHugeFilesAreRefused() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {-1, -2, 0, 7});
        Path huge = Files.write(folder.resolve("huge"), new byte[5_000]);

        assertThatThrownBy(() -> TokenSecret.loadOrCreate(binary)).hasMessageContaining("does not hold");
        assertThatThrownBy(() -> TokenSecret.loadOrCreate(huge)).hasMessageContaining("too long");
    }

    @Test
    void textFormHidesIt() {
        TokenSecret secret = TokenSecret.random();

        assertThat(secret.toString()).isEqualTo("TokenSecret[hidden]").doesNotContain(secret.toBase64Url());
    }
}
