package chat.milena.push.provider;

import chat.milena.runtime.config.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings of FCM.
///
/// @param accounts a service account for each project; the first counts where a device names no project
/// @param api where to send it
public record FcmConfig(List<ServiceAccount> accounts, URI api) {
    private static final String FILES = "MILENA_FCM_SERVICE_ACCOUNT_FILE";
    private static final URI GOOGLE = URI.create("https://fcm.googleapis.com");
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9:.-]{1,100}");
    private static final Pattern ARMOR = Pattern.compile("-----[A-Z ]+-----|\\s");

    public FcmConfig {
        accounts = List.copyOf(accounts);
    }

    /// What authenticates to Google for one project; its text form hides the key.
    public record ServiceAccount(String project, String email, String keyId, RSAPrivateKey key, URI tokens) {
        @Override
        public String toString() {
            return "ServiceAccount[" + project + "]";
        }
    }

    /// Reads the settings and notes errors there. Null if FCM is not set up, or not well.
    public static @Nullable FcmConfig of(Settings settings) {
        String files = settings.optionalText(FILES);
        if (files == null) {
            return null;
        }
        List<ServiceAccount> accounts = new ArrayList<>();
        for (String file : files.split("\\s*,\\s*", -1)) {
            ServiceAccount account =
                    KeyFile.read(settings, FILES, file, "the key of a service account (JSON)", FcmConfig::parse);
            if (account != null) {
                if (accounts.stream().anyMatch(other -> other.project().equals(account.project()))) {
                    settings.refuse(FILES + " names two files of the project " + account.project());
                }
                accounts.add(account);
            }
        }
        return accounts.isEmpty() ? null : new FcmConfig(accounts, GOOGLE);
    }

    static ServiceAccount parse(String text) throws Exception {
        JsonNode json = PushBody.JSON.readTree(text);
        String project = field(json, "project_id");
        URI tokens = new URI(field(json, "token_uri"));
        if (!field(json, "type").equals("service_account")
                || !PROJECT.matcher(project).matches()
                || tokens.getHost() == null) {
            throw new IllegalArgumentException("no service account");
        }
        byte[] key = Base64.getDecoder()
                .decode(ARMOR.matcher(field(json, "private_key")).replaceAll(""));
        return new ServiceAccount(
                project,
                field(json, "client_email"),
                field(json, "private_key_id"),
                (RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key)),
                tokens);
    }

    private static String field(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual() || value.textValue().isEmpty()) {
            throw new IllegalArgumentException("no " + name);
        }
        return value.textValue();
    }
}
