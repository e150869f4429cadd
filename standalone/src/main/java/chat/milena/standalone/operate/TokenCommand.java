package chat.milena.standalone.operate;

import chat.milena.protocol.conversation.NameRules;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.token.ClaimRules;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.id.Ids;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.DataOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `token`: prints a signed token for a user of this installation, whether it runs or not.
@Command(name = "token", mixinStandardHelpOptions = true, description = "Prints a signed token for a user.")
public final class TokenCommand implements Callable<Integer> {
    private static final Duration TTL_DEFAULT = Duration.ofHours(24);
    private static final Duration TTL_MIN = Duration.ofSeconds(1);
    private static final Duration TTL_MAX = Duration.ofDays(3650);

    private final CommandContext context;

    @Parameters(paramLabel = "USER", description = "The user's id: 1 to 64 of A-Z a-z 0-9 _ . -")
    private String user = "";

    @Option(names = "--tenant", paramLabel = "T", description = "The user's tenant (default: default).")
    private @Nullable String tenant;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "The lifetime of the token, such as 90s, 30m, 24h (default: 24h).")
    private @Nullable String ttl;

    @Option(names = "--name", paramLabel = "N", description = "The user's display name.")
    private @Nullable String name;

    @Option(
            names = "--unlimited",
            description = "Exempts the user from the rates of users, such as for an import, but not from the tenant's.")
    private boolean unlimited;

    @Option(names = "--role", paramLabel = "R", description = "moderator: may delete messages in the whole tenant.")
    private @Nullable String role;

    @Mixin
    private DataOption data = new DataOption();

    public TokenCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException {
        Settings environment = context.settings();
        Settings options = given();
        Path folder = data.folder(environment);
        VerifiedToken token = new VerifiedToken(
                options.read("--tenant", Ids.DEFAULT_TENANT, TokenCommand::id),
                options.read("USER", user, TokenCommand::id),
                shownName(options),
                expiry(options.duration("--ttl", TTL_DEFAULT, TTL_MIN, TTL_MAX)),
                unlimited,
                options.read("--role", false, TokenCommand::isModerator),
                context.clock().instant(),
                null);
        ClaimRules rules = ClaimRules.of(environment);
        Settings.check(options, environment);
        DataFolder installation = DataFolder.existing(folder);
        // The claim counts only where the operator has signed it.
        TokenSigner signer =
                new TokenSigner(unlimited ? installation.operatorSecret() : installation.tokenSecret(), rules);
        context.out().println(signer.sign(token));
        return 0;
    }

    private Instant expiry(Duration lifetime) {
        return context.clock().instant().plus(lifetime);
    }

    private Settings given() {
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("USER", user);
        given.put("--tenant", tenant);
        given.put("--ttl", ttl);
        given.put("--name", name);
        given.put("--role", role);
        return Settings.ofOptions(given);
    }

    private static boolean isModerator(String role) {
        if (!role.equals("moderator")) {
            throw new IllegalArgumentException("can only be moderator");
        }
        return true;
    }

    private static String id(String text) {
        if (!Ids.isValid(text)) {
            throw new IllegalArgumentException("must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        return text;
    }

    private static @Nullable String shownName(Settings options) {
        String shown = options.optionalText("--name");
        String fault = shown == null ? null : NameRules.fault(shown);
        if (fault != null) {
            options.refuse("--name " + fault);
        }
        return shown;
    }
}
