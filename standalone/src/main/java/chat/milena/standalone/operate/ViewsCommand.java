package chat.milena.standalone.operate;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.service.Installation;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.DataOption;
import chat.milena.syncapi.SyncApiConfig;
import chat.milena.syncapi.ViewsClient;
import chat.milena.syncapi.ViewsClient.RefusedException;
import chat.milena.syncapi.ViewsRebuild;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `views`: shows and rebuilds the views of a running system.
@Command(
        name = "views",
        mixinStandardHelpOptions = true,
        description = "Shows and rebuilds the views of a running system.")
public final class ViewsCommand {
    private final CommandContext context;

    public ViewsCommand(CommandContext context) {
        this.context = context;
    }

    /// `views status`.
    @Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the versions of the views.")
    int status(
            @Mixin DataOption data,
            @Option(names = "--url", paramLabel = "URL", description = "Internal address of each instance instead.")
                    @Nullable
                    List<URI> urls)
            throws InvalidSettingsException, DataFolderException, IOException, RefusedException, InterruptedException {
        for (ViewsClient instance : instances(data, urls)) {
            instance.status()
                    .versions()
                    .forEach(version -> context.out().println(instance.url() + "  " + version.text()));
        }
        return 0;
    }

    /// `views rebuild`.
    @Command(
            name = "rebuild",
            mixinStandardHelpOptions = true,
            description = "Builds the next version of the views beside the one that serves, and switches when it has"
                    + " caught up. Reads never stop. All instances of the copy must be named.")
    int rebuild(
            @Mixin DataOption data,
            @Option(names = "--url", paramLabel = "URL", description = "Internal address of each instance instead.")
                    @Nullable
                    List<URI> urls)
            throws InvalidSettingsException, DataFolderException, IOException, RefusedException, InterruptedException {
        new ViewsRebuild(instances(data, urls), context.out()).run();
        return 0;
    }

    private List<ViewsClient> instances(DataOption data, @Nullable List<URI> urls)
            throws InvalidSettingsException, DataFolderException, IOException {
        Settings environment = context.settings();
        Path path = data.folder(environment);
        Secret internal = environment.optionalSecret("MILENA_INTERNAL_SECRET");
        TokenSecret operator = Installation.operatorSecret(environment);
        environment.check();
        Secret secret =
                internal != null || operator == null ? internal : operator.derived(SyncApiConfig.SECRET_PURPOSE);
        List<URI> named = urls;
        // In a cluster there is no data folder, and all is named.
        if (secret == null || named == null) {
            DataFolder folder = DataFolder.existing(path);
            secret = secret == null ? folder.operatorSecret().derived(SyncApiConfig.SECRET_PURPOSE) : secret;
            named = named == null ? List.of(internalUrl(folder)) : named;
        }
        List<ViewsClient> instances = new ArrayList<>();
        for (URI url : named) {
            instances.add(new ViewsClient(url, secret));
        }
        return instances;
    }

    private static URI internalUrl(DataFolder folder) throws IOException {
        Path file = folder.internalUrl();
        if (!Files.exists(file)) {
            throw new IOException("nothing runs on the data folder " + folder.path() + "; name instances with --url");
        }
        return URI.create(Files.readString(file).strip());
    }
}
