package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushKeysTest {
    private static final String KEY_A = "A".repeat(42) + "A";
    private static final String KEY_B = "B".repeat(42) + "A";
    private static final String AAD = PushKeys.aad("shop", "alice", "phone", "fcm");
    private static final byte[] PLAIN = "a-token".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    Path index;

    @BeforeEach
    void makeIndexKey() throws IOException {
        index = Files.writeString(folder.resolve("push.index"), KEY_A + "\n");
    }

    private PushKeys keys(String text) throws IOException {
        return PushKeys.load(Files.writeString(folder.resolve("push.keys"), text), index);
    }

    @Test
    void whatIsSealedOpensForTheSamePlaceAlone() throws IOException {
        PushKeys keys = keys("k1:" + KEY_A);

        Sealed sealed = keys.seal(PLAIN, AAD);

        assertThat(sealed.keyId()).isEqualTo("k1");
        assertThat(sealed.bytes()).hasSize(12 + PLAIN.length + 16);
        assertThat(keys.open("k1", sealed.bytes(), AAD)).contains(PLAIN);
        assertThat(keys.open("k1", sealed.bytes(), PushKeys.aad("shop", "bob", "phone", "fcm")))
                .isEmpty();
        assertThat(keys.open("k1", sealed.bytes(), PushKeys.aad("shop", "alice", "phon", "efcm")))
                .isEmpty();
    }

    @Test
    void firstKeyEncryptsAndAllDecrypt() throws IOException {
        Sealed old = keys("k1:" + KEY_A).seal(PLAIN, AAD);

        PushKeys rotated = keys("k2:" + KEY_B + "\n\n  k1:" + KEY_A + "\n");

        assertThat(rotated.open(old.keyId(), old.bytes(), AAD)).contains(PLAIN);
        assertThat(rotated.seal(PLAIN, AAD).keyId()).isEqualTo("k2");
        assertThat(rotated.isFirst("k2")).isTrue();
        assertThat(rotated.isFirst("k1")).isFalse();
        assertThat(keys("k2:" + KEY_B).open(old.keyId(), old.bytes(), AAD)).isEmpty();
        assertThat(keys("k1:" + KEY_B).open(old.keyId(), old.bytes(), AAD)).isEmpty();
    }

    @Test
    void noNonceIsUsedTwice() throws IOException {
        PushKeys keys = keys("k1:" + KEY_A);
        Set<String> nonces = new HashSet<>();

        for (int i = 0; i < 1_000; i++) {
            byte[] sealed = keys.seal(PLAIN, AAD).bytes();
            nonces.add(new String(sealed, 0, 12, StandardCharsets.ISO_8859_1));
        }

        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void damagedBytesDoNotOpen() throws IOException {
        PushKeys keys = keys("k1:" + KEY_A);
        byte[] sealed = keys.seal(PLAIN, AAD).bytes();

        for (int i = 0; i < sealed.length; i++) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 1;
            assertThat(keys.open("k1", damaged, AAD)).isEmpty();
        }
        assertThat(keys.open("k1", new byte[27], AAD)).isEmpty();
        assertThat(keys.open("k1", new byte[0], AAD)).isEmpty();
    }

    @Test
    void indexIsEqualForEqualTextsAloneAndNeedsItsKey() throws IOException {
        PushKeys keys = keys("k1:" + KEY_A);

        assertThat(keys.index("fcm", "app", "token"))
                .isEqualTo(keys("k9:" + KEY_B).index("fcm", "app", "token"))
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(keys.index("fcm", "apptoken"))
                .isNotEqualTo(keys.index("fcm", "ap", "ptoken"));
        Files.writeString(index, KEY_B);
        assertThat(keys("k1:" + KEY_A).index("fcm", "app", "token")).isNotEqualTo(keys.index("fcm", "app", "token"));
    }

    @Test
    void filesAreMadeOnceForTheirOwnerOnly() throws IOException {
        Path file = folder.resolve("push.keys");
        Path fresh = folder.resolve("fresh.index");

        PushKeys first = PushKeys.loadOrCreate(file, fresh);
        PushKeys second = PushKeys.loadOrCreate(file, fresh);

        Sealed sealed = first.seal(PLAIN, AAD);
        assertThat(second.open(sealed.keyId(), sealed.bytes(), AAD)).contains(PLAIN);
        assertThat(second.index("x")).isEqualTo(first.index("x"));
        for (Path made : Set.of(file, fresh)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rw-------");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k1",
                "k1:",
                "k1:QUFBQQ",
                "k 1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE",
                ":QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE",
                "k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU!",
                "k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE\nk1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"
            })
    void fileWithSomethingElseIsRefusedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> keys(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("push.keys")
                .hasMessageNotContaining("QUFB");
    }

    @Test
    void textFormsHideTheKeys() throws IOException {
        PushKeys keys = keys("k1:" + KEY_A);

        assertThat(keys.toString()).isEqualTo("PushKeys[hidden]");
        assertThat(keys.seal(PLAIN, AAD).toString()).isEqualTo("Sealed[keyId=k1]");
    }
}
