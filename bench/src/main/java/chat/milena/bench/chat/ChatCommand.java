package chat.milena.bench.chat;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `chat`: lines typed become messages. `/quit` or the end of input ends it, after the last lines are
/// acknowledged.
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = {
            "A chat in the terminal: each line is sent. /help lists what else can be typed; /quit or Ctrl-D ends it.",
            "With neither --with, --group nor --conversation it joins the first conversation that somebody writes in."
        })
public final class ChatCommand implements Callable<Integer> {
    private static final Duration REST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration RECONNECT_PATIENCE = Duration.ofMinutes(10);
    private static final Duration LAST_ACKS_PATIENCE = Duration.ofSeconds(10);
    private static final Pattern USER_ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--as", required = true, paramLabel = "USER", description = "The user to chat as.")
    private String userId = "";

    @Option(names = "--with", paramLabel = "USER", description = "Chat with one other user.")
    private @Nullable String other;

    @Option(names = "--group", paramLabel = "NAME", description = "Create a group of yourself and USER...")
    private @Nullable String group;

    @Parameters(paramLabel = "USER", description = "Members of the new group.")
    private List<String> members = List.of();

    @Option(names = "--conversation", paramLabel = "ID", description = "Chat in an existing conversation.")
    private @Nullable String conversation;

    @Option(names = "--verbose", description = "Show the number of each message that the server has acknowledged.")
    private boolean verbose;

    private final InputStream in;
    private final PrintStream out;

    public ChatCommand(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkArguments();
        Clock clock = Clock.systemUTC();
        TokenSource tokens = server.tokens(clock, false);
        TerminalChat chat = new TerminalChat(out, ZoneId.systemDefault(), verbose);
        ClientOptions options = ClientOptions.of(server.url()).withReconnect(true, RECONNECT_PATIENCE);
        RestClient.requireServer(server.url(), REST_PATIENCE);
        try (RestClient rest = new RestClient(server.url(), tokens, REST_PATIENCE)) {
            String opened = openConversation(rest);
            if (opened != null) {
                chat.open(opened);
            }
            try (ChatClient client = new ChatClient(options, tokens, clock)) {
                String deviceId = "terminal-" + UUID.randomUUID().toString().substring(0, 8);
                Connection connection = connect(client, userId, deviceId, chat);
                return talk(connection, rest, chat);
            }
        }
    }

    private void checkArguments() {
        int ways = (other == null ? 0 : 1) + (group == null ? 0 : 1) + (conversation == null ? 0 : 1);
        if (ways > 1) {
            throw new UsageFailure("give only one of --with, --group and --conversation");
        }
        if (group == null && !members.isEmpty()) {
            throw new UsageFailure("users beside --as are members of a --group; for one other user say --with");
        }
        requireUserId(userId);
        members.forEach(ChatCommand::requireUserId);
        if (other != null) {
            requireUserId(other);
        }
    }

    private static void requireUserId(String id) {
        if (!USER_ID.matcher(id).matches()) {
            throw new UsageFailure("a user is 1 to 64 of A-Z a-z 0-9 _ . - and not '" + SafeText.of(id) + "'");
        }
    }

    private @Nullable String openConversation(RestClient rest) throws InterruptedException {
        if (other != null) {
            return rest.createDirect(userId, other);
        }
        if (group != null) {
            String id = rest.createGroup(userId, group, members);
            out.println("* group " + SafeText.of(group) + " is conversation " + id);
            return id;
        }
        return conversation;
    }

    private static Connection connect(ChatClient client, String userId, String deviceId, TerminalChat chat)
            throws InterruptedException {
        try {
            return client.connect(userId, deviceId, chat).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UsageFailure known ? known : new IllegalStateException(e.getCause());
        }
    }

    /// Reads on a thread of its own, since no call can end a read of a terminal when the connection ends first.
    private int talk(Connection connection, RestClient rest, TerminalChat chat) throws InterruptedException {
        CompletableFuture<@Nullable CloseReason> inputEnded = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("terminal-input").start(() -> {
            try {
                new TerminalInput(chat, connection, (method, path, body) -> rest.call(userId, method, path, body))
                        .run(in);
            } catch (IOException | InterruptedException e) {
                out.println("* input ended: " + e.getMessage());
            } finally {
                inputEnded.complete(null);
            }
        });
        AtomicReference<@Nullable CloseReason> lost = new AtomicReference<>();
        CompletableFuture.anyOf(inputEnded, connection.closed().thenAccept(lost::set))
                .join();
        CloseReason reason = lost.get();
        if (reason != null) {
            throw new UsageFailure("the connection has ended: " + SafeText.of(reason.toString()));
        }
        if (!connection.awaitIdle(LAST_ACKS_PATIENCE)) {
            out.println("* the last messages were not acknowledged within " + LAST_ACKS_PATIENCE.toSeconds() + " s");
            return 1;
        }
        return chat.failed() ? 1 : 0;
    }
}
