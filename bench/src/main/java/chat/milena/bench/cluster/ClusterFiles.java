package chat.milena.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/// The secrets of a cluster, in files of its folder, made at random.
///
/// @param operatorSecret the file with the operator's
record ClusterFiles(Path operatorSecret, Path tokenSecret, Path pushKeys, Path pushIndex) {
    private static final int SECRET_BYTES = 32;

    static ClusterFiles in(Path folder) throws IOException {
        return new ClusterFiles(
                file(folder, "operator.secret", ""),
                file(folder, "token.secret", ""),
                file(folder, "push.keys", "k1:"),
                file(folder, "push.index", ""));
    }

    private static Path file(Path folder, String name, String before) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return Files.writeString(
                folder.resolve(name),
                before + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
    }

    /// The settings that name the files.
    Map<String, String> settings() {
        return Map.of(
                "MILENA_OPERATOR_SECRET_FILE", operatorSecret.toString(),
                "MILENA_TOKEN_SECRETS_FILE", tokenSecret.toString(),
                "MILENA_PUSH_KEYS_FILE", pushKeys.toString(),
                "MILENA_PUSH_INDEX_KEY_FILE", pushIndex.toString());
    }
}
