package chat.milena.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/// The secrets of a cluster, in files of its folder, made at random.
final class ClusterFiles {
    private static final int SECRET_BYTES = 32;
    private static final String OPERATOR = "operator.secret";
    private static final String TOKENS = "token.secret";
    private static final String PUSH_KEYS = "push.keys";
    private static final String PUSH_INDEX = "push.index";

    private ClusterFiles() {}

    static void make(Path folder) throws IOException {
        file(folder.resolve(OPERATOR), "");
        file(folder.resolve(TOKENS), "");
        file(folder.resolve(PUSH_KEYS), "k1:");
        file(folder.resolve(PUSH_INDEX), "");
    }

    private static void file(Path file, String before) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        Files.writeString(file, before + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
    }

    /// The file with the operator's secret.
    static Path operatorSecret(Path folder) {
        return folder.resolve(OPERATOR);
    }

    /// The settings that name the files.
    static Map<String, String> settings(Path folder) {
        return Map.of(
                "MILENA_OPERATOR_SECRET_FILE", operatorSecret(folder).toString(),
                "MILENA_TOKEN_SECRETS_FILE", folder.resolve(TOKENS).toString(),
                "MILENA_PUSH_KEYS_FILE", folder.resolve(PUSH_KEYS).toString(),
                "MILENA_PUSH_INDEX_KEY_FILE", folder.resolve(PUSH_INDEX).toString());
    }
}
